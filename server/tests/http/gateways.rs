//! The example configurations of gateways: each real gateway, started on loopback between a caller and an API, asks a real
//! Claviger.

mod caller;
mod gateway;
mod h2c;
mod keys;
mod process;
mod refusals;
mod scene;
mod services;
mod tunnels;
mod upstream;
mod websocket;

use gateway::Kind;

/// Declares each story once for each of these gateways, with an attribute of its tests.
macro_rules! behind_each {
    ([$(($module:ident, $kind:ident)),+], $attribute:meta, $stories:tt) => {
        $(mod $module { behind_each!(@stories $kind, $attribute, $stories); })+
    };
    (@stories $kind:ident, $attribute:meta, { $($file:ident: $($story:ident),+;)+ }) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[$attribute]
            async fn $story() {
                if super::Kind::$kind.is_installed() {
                    super::$file::$story(super::Kind::$kind).await;
                }
            }
        )+)+
    };
}

behind_each!([(nginx, Nginx), (caddy, Caddy), (haproxy, Haproxy)], cfg(unix), {
    keys: a_reset_acts_at_once, bad_keys_do_not_pass, good_keys_pass_and_the_api_learns_whose_they_are, limits_show,
        with_claviger_stopped_nothing_passes;
    refusals: a_refusal_has_its_status_and_its_request_id, trailers_do_not_become_headers;
    services: a_disguised_path_gets_no_other_service, a_repeated_key_or_service_is_refused,
        the_gateway_names_the_service_and_not_the_caller;
    tunnels: a_websocket_opens_and_outlives_its_keys, connect_opens_no_tunnel, h2c_opens_no_tunnel;
});

// Debian has no packages of these two. `cargo test --test http -- --ignored gateways` runs them where they are installed.
behind_each!([(traefik, Traefik), (envoy, Envoy)], ignore = "needs traefik and envoy on the PATH", {
    keys: a_reset_acts_at_once, bad_keys_do_not_pass, good_keys_pass_and_the_api_learns_whose_they_are, limits_show,
        with_claviger_stopped_nothing_passes;
    refusals: a_refusal_has_its_status_and_its_request_id, trailers_do_not_become_headers;
    services: a_disguised_path_gets_no_other_service, a_repeated_key_or_service_is_refused,
        the_gateway_names_the_service_and_not_the_caller;
    tunnels: a_websocket_opens_and_outlives_its_keys, connect_opens_no_tunnel, h2c_opens_no_tunnel;
});
