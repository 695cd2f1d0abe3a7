//! Cookies: reads the cookies of a request, and sets the cookies of its response. It must not know the meaning of a cookie.

use axum::http::{
    HeaderValue,
    header::{COOKIE, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Sets a cookie. Without an age, the cookie lasts until the browser is closed.
pub(super) fn set(name: &str, value: &str, seconds: Option<u32>) {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        options.append_header(SET_COOKIE, value);
    }
}

/// The value of a cookie of the request, if the cookie exists and is not empty.
pub(super) fn read(parts: &Parts, name: &str) -> Option<String> {
    parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(cookies: &[&str]) -> Parts {
        let request =
            cookies.iter().fold(Request::builder(), |request, value| request.header(COOKIE, *value));
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_cookie_is_found_among_others_and_by_its_whole_name() {
        let parts = parts(&["a=1; __Host-claviger-session=token; b=2", "x__Host-claviger-device=no"]);
        assert_eq!(read(&parts, "__Host-claviger-session").as_deref(), Some("token"));
        assert_eq!(read(&parts, "__Host-claviger-device"), None);
        assert_eq!(read(&parts, "b").as_deref(), Some("2"));
    }

    #[test]
    fn an_empty_cookie_is_none() {
        assert_eq!(read(&parts(&["a="]), "a"), None);
    }
}
