//! The machine that is measured, and what a process on it has used. Linux: everything is read from `/proc`.

use anyhow::Context;
use serde::Serialize;
use std::{path::Path, time::Duration};

/// Clock ticks a second in `/proc/PID/stat`; part of Linux's ABI on the machines we run on.
const TICKS: u64 = 100;

/// What a figure must be read with.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Processor, as it names itself.
    pub cpu: String,
    /// Cores this process may use; server and load share them.
    pub cores: usize,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Linux release.
    pub kernel: String,
    /// File system of the measured folder.
    pub file_system: String,
    /// Processes that wanted to run in the minute before the run; above zero, neighbours share the figures.
    pub load_before: f64,
}

impl Machine {
    /// This machine, with the disk that holds a folder.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let cpus = read("/proc/cpuinfo")?;
        let memory = read("/proc/meminfo")?;
        let load = read("/proc/loadavg")?;
        Ok(Self {
            cpu: field(&cpus, "model name").unwrap_or("unknown").to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            memory_mib: kibibytes(&memory, "MemTotal").unwrap_or_default() / 1_024,
            kernel: read("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            file_system: file_system(&read("/proc/self/mountinfo")?, folder)
                .unwrap_or_else(|| "unknown".into()),
            load_before: load.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default(),
        })
    }
}

/// CPU time a process has used so far, all threads, user and system.
pub fn cpu_time(process: u32) -> anyhow::Result<Duration> {
    let stat = read(&format!("/proc/{process}/stat"))?;
    let ticks = ticks(&stat).with_context(|| format!("cannot read the CPU time of process {process}"))?;
    Ok(Duration::from_millis(ticks * 1_000 / TICKS))
}

/// CPU time that a process and everything it started have used so far, also what has ended and was waited for.
pub fn tree_cpu_time(root: u32) -> anyhow::Result<Duration> {
    let mut processes = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process may end while it is looked at.
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        processes.extend(parent_and_ticks(&stat).map(|(parent, ticks)| (process, parent, ticks)));
    }
    let ticks = tree_ticks(root, &processes).with_context(|| format!("process {root} is gone"))?;
    Ok(Duration::from_millis(ticks * 1_000 / TICKS))
}

/// Memory of a process that lies in RAM, in MiB.
pub fn resident_mib(process: u32) -> anyhow::Result<f64> {
    let status = read(&format!("/proc/{process}/status"))?;
    let resident =
        kibibytes(&status, "VmRSS").with_context(|| format!("process {process} tells no memory"))?;
    Ok(resident as f64 / 1_024.0)
}

fn read(path: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (left, right) = line.split_once(':')?;
        (left.trim() == name).then(|| right.trim())
    })
}

fn kibibytes(text: &str, name: &str) -> Option<u64> {
    field(text, name)?.strip_suffix("kB")?.trim().parse().ok()
}

/// User plus system ticks. The second field is the program's name in brackets and may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// Parent, and ticks of the process itself and of its ended children.
fn parent_and_ticks(stat: &str) -> Option<(u32, u64)> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after_name.split_whitespace().take(15).collect();
    let times = fields.get(11..15)?.iter().map(|field| field.parse::<u64>());
    Some((fields.get(1)?.parse().ok()?, times.sum::<Result<u64, _>>().ok()?))
}

/// Sum over a process and its descendants; none when it is not there.
fn tree_ticks(root: u32, processes: &[(u32, u32, u64)]) -> Option<u64> {
    let (_, _, own) = processes.iter().find(|(process, ..)| *process == root)?;
    let children = processes.iter().filter(|(_, parent, _)| *parent == root);
    Some(own + children.filter_map(|(child, ..)| tree_ticks(*child, processes)).sum::<u64>())
}

/// Type of the file system mounted nearest above a folder.
fn file_system(mounts: &str, folder: &Path) -> Option<String> {
    let lines = mounts.lines().filter_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        Some((left.split(' ').nth(4)?, right.split(' ').next()?))
    });
    let above = lines.filter(|(place, _)| folder.starts_with(place));
    above.max_by_key(|(place, _)| place.len()).map(|(_, kind)| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_ticks_are_found_behind_any_program_name() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 7 0 0 0 130 25 0 0 20 0 9 0 5 0 0";
        assert_eq!(ticks(stat), Some(155));
    }

    #[test]
    fn a_tree_counts_children_living_and_ended() {
        let stat = "42 (a ) b) S 7 42 42 0 -1 4194560 7 0 0 0 130 25 40 5 20 0 9 0 5 0 0";
        assert_eq!(parent_and_ticks(stat), Some((7, 200)));
        let processes = [(1, 0, 9), (7, 1, 1), (42, 7, 200), (43, 42, 30), (44, 1, 1_000)];
        assert_eq!(tree_ticks(7, &processes), Some(231));
        assert_eq!(tree_ticks(99, &processes), None);
        assert!(tree_cpu_time(std::process::id()).unwrap() >= Duration::ZERO);
    }

    #[test]
    fn this_process_has_used_time_and_memory() {
        let me = std::process::id();
        let before = cpu_time(me).unwrap();
        let mut sum = 0_u64;
        while cpu_time(me).unwrap() <= before {
            sum = (0..1_000_000_u64).fold(sum, u64::wrapping_add);
        }
        assert!(std::hint::black_box(sum) > 0);
        assert!(resident_mib(me).unwrap() > 0.5);
    }

    #[test]
    fn the_nearest_mount_above_the_folder_counts() {
        let mounts = "1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:5 / /dev/shm rw shared:2 - tmpfs tmpfs rw\n";
        assert_eq!(file_system(mounts, Path::new("/home/x")).as_deref(), Some("ext4"));
        assert_eq!(file_system(mounts, Path::new("/dev/shm/x")).as_deref(), Some("tmpfs"));
        assert_eq!(file_system(mounts, Path::new("/dev/shmother")).as_deref(), Some("ext4"));
    }

    #[test]
    fn this_machine_names_itself() {
        let machine = Machine::of(Path::new("/")).unwrap();
        assert!(machine.cores > 0 && machine.memory_mib > 0 && !machine.kernel.is_empty());
    }
}
