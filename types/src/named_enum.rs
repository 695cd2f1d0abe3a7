//! Enums whose variants have names that are stored or sent.

/// Declares an enum of which each variant has a name, written once: `as_str`, `parse`, `ALL` and serde all use it, so
/// that no variant can be missing from one of them. The calling crate must depend on `serde`.
#[macro_export]
macro_rules! named_enum {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $type:ident {
            $($(#[$variant_attribute:meta])* $variant:ident = $name:literal,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        $visibility enum $type {
            $($(#[$variant_attribute])* #[serde(rename = $name)] $variant,)+
        }

        impl $type {
            /// Every variant, in the order in which they are declared.
            $visibility const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Its name in the database, in requests and in addresses.
            #[must_use]
            $visibility const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The variant of this name.
            #[must_use]
            $visibility fn parse(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|variant| variant.as_str() == name)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, de::IntoDeserializer, de::value::Error};

    named_enum! {
        enum Colour {
            Red = "red",
            DarkBlue = "dark-blue",
        }
    }

    #[test]
    fn each_variant_has_one_name_for_all_uses() {
        assert_eq!(Colour::ALL, [Colour::Red, Colour::DarkBlue]);
        assert_eq!(Colour::DarkBlue.as_str(), "dark-blue");
        assert_eq!(Colour::parse("dark-blue"), Some(Colour::DarkBlue));
        let received: Result<Colour, Error> = Colour::deserialize("dark-blue".into_deserializer());
        assert_eq!(received, Ok(Colour::DarkBlue));
    }

    #[test]
    fn an_unknown_name_is_refused() {
        assert_eq!(Colour::parse("green"), None);
        let received: Result<Colour, Error> = Colour::deserialize("green".into_deserializer());
        assert!(received.is_err());
    }
}
