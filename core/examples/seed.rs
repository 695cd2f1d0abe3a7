//! Creates many accounts in a data folder, for `make bench`, and prints the first thousand pairs of keys:
//! `seed DATA_FOLDER EMAIL_OF_A_MEMBER ACCOUNTS`.

use claviger_core::{
    claviger::Claviger,
    clock::SystemClock,
    installation::opening::Opening,
    random::SystemRandom,
    settings::{Patience, Settings},
};
use std::{error::Error, sync::Arc};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, member, accounts] = &arguments[..] else { return Err("seed FOLDER EMAIL ACCOUNTS".into()) };
    let settings = Settings {
        patience: Patience::of_commands(),
        ..Settings::new(format!("sqlite://{folder}/claviger.db"), folder)
    };
    let claviger = Claviger::open(settings, Opening::Making, Arc::new(SystemClock), Arc::new(SystemRandom))
        .await?
        .claviger;
    for (api_key, bundle_key) in claviger.seed(member, accounts.parse()?, 1_000).await? {
        println!("{} {}", api_key.expose(), bundle_key.expose());
    }
    claviger.close().await;
    Ok(())
}
