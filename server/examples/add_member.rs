//! Adds a member without any permission to the account of somebody who is in it. The pages cannot do that yet, and
//! the tests in the browser need one.

use clap::Parser;
use claviger::{
    application,
    configuration::{Configuration, ConfigurationFile, Environment},
};
use claviger_core::{accounts::AddMemberForm, clock::SystemClock, random::SystemRandom};
use std::{error::Error, ffi::OsString, sync::Arc};

#[derive(Parser)]
struct Arguments {
    /// The data folder of the installation
    #[arg(long)]
    data_dir: OsString,
    /// The e-mail address of somebody in the account
    #[arg(long)]
    account_of: String,
    /// The name of the new member
    #[arg(long)]
    name: String,
    /// The e-mail address of the new member
    #[arg(long)]
    email: String,
    /// The password of the new member
    #[arg(long)]
    password: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { data_dir, account_of, name, email, password } = Arguments::parse();
    let environment = Environment::new(move |variable| match variable {
        "CLAVIGER_DATA_DIR" => Some(data_dir.clone()),
        other => std::env::var_os(other),
    });
    let configuration = Configuration::read(&ConfigurationFile::beside_executable()?, &environment)?;
    let opened = application::open(&configuration, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    let form = AddMemberForm { name: &name, email: &email, password: &password, permissions: &[] };
    opened.claviger.add_member(&account_of, form).await?;
    opened.claviger.close().await;
    Ok(())
}
