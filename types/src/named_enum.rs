//! Enums whose variants have names that the database stores or that requests carry.

/// Declares an enum with a name for each variant. Each name is written once: `as_str`, `parse`, `ALL` and serde all use it, so
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
            /// All variants, in the order of their declaration.
            $visibility const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name of the variant in the database, in requests and in addresses.
            #[must_use]
            $visibility const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The variant with this name, if there is one.
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
