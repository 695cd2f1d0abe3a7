//! Adds a member to an account of an installation on SQLite, for trying out and for the browser suite: `add_member
//! --data-dir DIR --account-of EMAIL --name NAME --email EMAIL --password PASSWORD [--permitted]`.

use claviger_core::{
    accounts::AddMemberForm,
    claviger::Claviger,
    clock::SystemClock,
    domain::permission::Permission,
    key::Brand,
    random::SystemRandom,
    settings::{Limits, Registration, Settings},
};
use std::{collections::HashMap, error::Error, path::PathBuf, sync::Arc};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let permitted = arguments.iter().any(|argument| argument == "--permitted");
    let options: HashMap<&str, &str> =
        arguments.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
    let option = |name: &str| options.get(name).copied().ok_or(format!("{name} is missing"));
    let data_dir = PathBuf::from(option("--data-dir")?);
    let settings = Settings {
        database_url: format!("sqlite://{}", data_dir.join("claviger.db").display()),
        data_dir,
        master_key: None,
        brand: Brand::default(),
        limits: Limits::default(),
        registration: Registration::Closed,
    };
    let claviger = Claviger::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await?.claviger;
    let permissions: &[Permission] = if permitted { &[Permission::ApiCredentialsManagement] } else { &[] };
    let form = AddMemberForm {
        name: option("--name")?,
        email: option("--email")?,
        password: option("--password")?,
        permissions,
    };
    claviger.add_member(option("--account-of")?, form).await?;
    claviger.close().await;
    Ok(())
}
