//! `Debug` for types whose content must not reach a log.

/// Implements `Debug` so that it prints the name of the type and nothing of its content.
///
/// ```
/// struct Secret<'a>(&'a str);
/// claviger_core::opaque_debug!(Secret<'_>);
/// assert_eq!(format!("{:?}", Secret("hunter2")), "Secret");
/// ```
#[macro_export]
macro_rules! opaque_debug {
    ($name:ident $(<$lifetime:lifetime>)?) => {
        impl ::std::fmt::Debug for $name $(<$lifetime>)? {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(stringify!($name))
            }
        }
    };
}
