//! What `infra/template.yaml` says of each function: its binary, its memory and its variables.
//!
//! Only the lines that matter are read, by their indentation; the linter makes sure that they are YAML.

use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("../../infra/template.yaml");

/// A function of the template.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// Its logical id.
    pub(crate) id: String,
    /// Its binary.
    pub(crate) name: String,
    pub(crate) memory: u32,
    pub(crate) timeout: u64,
    /// The expressions of its variables, those of all functions included.
    pub(crate) variables: BTreeMap<String, String>,
}

/// All functions, in the order of the template.
pub(crate) fn functions() -> Vec<Function> {
    let globals = blocks("Globals").into_iter().find(|(id, _)| id == "Function").map(|(_, lines)| variables(&lines));
    let globals = globals.unwrap();
    let is_function = |lines: &[&str]| lines.contains(&"    Type: AWS::Serverless::Function");
    let resources = blocks("Resources").into_iter().filter(|(_, lines)| is_function(lines));
    let functions: Vec<Function> = resources
        .map(|(id, lines)| {
            let value = |name: &str| value(&lines, name).unwrap_or_else(|| panic!("{id} has no {name}"));
            let name = value("CodeUri").replace("../functions/", "");
            let (memory, timeout) = (value("MemorySize").parse().unwrap(), value("Timeout").parse().unwrap());
            let variables = globals.iter().map(|(name, value)| (name.clone(), value.clone())).chain(variables(&lines));
            Function { name, memory, timeout, variables: variables.collect(), id }
        })
        .collect();
    assert_eq!(functions.len(), 7, "the template has other functions than this test drives");
    functions
}

/// The function of a binary.
pub(crate) fn function(name: &str) -> Function {
    functions().into_iter().find(|function| function.name == name).unwrap_or_else(|| panic!("no function {name}"))
}

/// Whether the API of the template has a route.
pub(crate) fn has_route(key: &str) -> bool {
    TEMPLATE.lines().any(|line| line == format!("      RouteKey: {key}"))
}

/// The blocks of a section, each with its lines.
fn blocks(section: &str) -> Vec<(String, Vec<&'static str>)> {
    let lines = TEMPLATE.lines().skip_while(|line| *line != format!("{section}:")).skip(1);
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with(' '));
    let mut blocks: Vec<(String, Vec<&str>)> = Vec::new();
    for line in lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with('#')) {
        match line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            Some(key) => blocks.push((key.trim_end_matches(':').to_owned(), Vec::new())),
            None => blocks.last_mut().unwrap().1.push(line),
        }
    }
    blocks
}

fn value(lines: &[&'static str], name: &str) -> Option<&'static str> {
    lines.iter().find_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix(": "))
}

fn variables(lines: &[&'static str]) -> BTreeMap<String, String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = lines.iter().skip_while(|line| line.trim() != "Variables:");
    let Some(outer) = lines.next().map(|line| indent(line)) else { return BTreeMap::new() };
    let inner = lines.take_while(|line| indent(line) > outer).filter(|line| indent(line) == outer + 2);
    inner
        .map(|line| {
            let (name, value) = line.trim().split_once(':').unwrap();
            (name.to_owned(), value.trim().to_owned())
        })
        .collect()
}
