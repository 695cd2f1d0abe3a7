//! The examples of the guide as markup. They contain placeholders for the keys, and only the reader fills them in.

use claviger_core::verification::Reason;
use std::fmt::Write;

const CURL: &str = r#"curl -i "ADDRESS/v1/authorize" \
  -H "ApiKey: $API_KEY" \
  -H "BundleKey: $BUNDLE_KEY""#;

const PYTHON: &str = r#"import os, urllib.error, urllib.request

request = urllib.request.Request("ADDRESS/v1/authorize", headers={
    "ApiKey": os.environ["API_KEY"],
    "BundleKey": os.environ["BUNDLE_KEY"],
})
try:
    print(urllib.request.urlopen(request).status)
except urllib.error.HTTPError as refused:
    print(refused.status, refused.headers["Claviger-Reason"])"#;

const JAVASCRIPT: &str = r#"const answer = await fetch("ADDRESS/v1/authorize", {
  headers: {
    ApiKey: process.env.API_KEY,
    BundleKey: process.env.BUNDLE_KEY,
  },
});
console.log(answer.status, answer.headers.get("Claviger-Reason"));"#;

const GO: &str = r#"package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	request, err := http.NewRequest("GET", "ADDRESS/v1/authorize", nil)
	if err != nil {
		panic(err)
	}
	request.Header.Set("ApiKey", os.Getenv("API_KEY"))
	request.Header.Set("BundleKey", os.Getenv("BUNDLE_KEY"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status, answer.Header.Get("Claviger-Reason"))
}"#;

/// The examples with this address, and the reasons why the server refuses a request.
pub(crate) fn markup(address: &str, key_prefix: &str) -> String {
    let mut markup = String::with_capacity(8 * 1024);
    let mut example = |id: &str, title: &str, code: &str| {
        let code = escape(&code.replace("ADDRESS", address));
        // Writing to a string cannot fail.
        let _ = write!(
            markup,
            "<h3 id=\"{id}\">{title}</h3><pre role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\"><code>{code}</code></pre>"
        );
    };
    let keys = format!(
        "export API_KEY={key_prefix}_api_…      # your API key\nexport BUNDLE_KEY={key_prefix}_bdl_…   # your bundle key"
    );
    example("keys", "Put your keys where the program finds them", &keys);
    example("curl", "curl", CURL);
    example("python", "Python", PYTHON);
    example("javascript", "JavaScript (Node.js)", JAVASCRIPT);
    example("go", "Go", GO);
    write_reasons(&mut markup);
    markup
}

fn write_reasons(markup: &mut String) {
    markup.push_str(
        "<h2 id=\"reasons\">Why a request is refused</h2><p>The answer names the reason in the header \
         <code>Claviger-Reason</code>.</p><div class=\"table-frame\" role=\"region\" aria-labelledby=\"reasons\" tabindex=\"0\">\
         <table><thead><tr><th scope=\"col\">Reason</th><th scope=\"col\">Number</th><th scope=\"col\">What to do</th></tr>\
         </thead><tbody>",
    );
    for reason in Reason::ALL {
        let code = reason.code().map(|code| code.to_string()).unwrap_or_default();
        let _ = write!(
            markup,
            "<tr id=\"{0}\"><th scope=\"row\"><code>{0}</code></th><td>{code}</td><td>{1}</td></tr>",
            reason.as_str(),
            advice(reason)
        );
    }
    markup.push_str(
        "<tr id=\"request_malformed\"><th scope=\"row\"><code>request_malformed</code></th><td></td>\
         <td>Send each header once, and nothing but visible ASCII characters in it.</td></tr></tbody></table></div>",
    );
}

const fn advice(reason: Reason) -> &'static str {
    match reason {
        Reason::ApiKeyInvalid => "Look whether the API key is complete, and whether somebody reset it.",
        Reason::BundleKeyInvalid => {
            "Look whether the bundle key is complete, of the same organisation, and whether somebody reset it."
        }
        Reason::BundleUsedUp => "All requests of the bundle are used. Ask the provider for more.",
        Reason::BundleTrialsExceeded => {
            "All requests of the trial are used. Ask the provider for a full bundle."
        }
        Reason::ServiceNotInBundle => "The service is not in your bundle. Ask the provider to add it.",
        Reason::ServiceRequired => {
            "Your bundle holds only some services, and the request named none. The provider's gateway names the service of \
             each address; whoever asks directly names it in the header Service."
        }
        Reason::BundleDisabled => "The provider disabled the bundle. Ask why.",
        Reason::NoBundle => "Your organisation has no bundle. Ask the provider for one.",
        Reason::BundleExpired => "The time of the bundle is over. Ask the provider to renew it.",
        Reason::RateLimited => "Wait as many seconds as the header Retry-After says, then try again.",
        Reason::NotReady => "The keys cannot be checked at the moment. Try again after a second.",
    }
}

/// Escapes the address. It comes from the request, so no part of it may become markup.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_asks_this_installation_and_holds_no_key() {
        let markup = markup("https://keys.example.org", "acme");
        assert_eq!(markup.matches("https://keys.example.org/v1/authorize").count(), 4);
        assert!(!markup.contains("ADDRESS") && markup.contains("acme_api_…"));
    }

    #[test]
    fn every_reason_has_a_row_that_problems_point_to() {
        let markup = markup("https://keys.example.org", "clv");
        for reason in Reason::ALL {
            assert!(markup.contains(&format!("<tr id=\"{}\">", reason.as_str())), "{reason:?}");
        }
    }

    #[test]
    fn an_address_becomes_no_markup() {
        let markup = markup("http://\"><script>alert(1)</script>", "clv");
        assert!(!markup.contains("<script>"));
    }
}
