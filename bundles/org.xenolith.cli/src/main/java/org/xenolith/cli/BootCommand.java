// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.FileOption;
import org.xenolith.command.api.InputFile;
import org.xenolith.launch.api.BootRules;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.profile.api.ProfileRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boot}: builds a machine, boots a guest on it and shows its console. */
@Command(name = "boot", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Boots a guest on a board and shows its console. On a terminal debian stays at a shell"
        + " and Ctrl-] leads to the monitor.")
final class BootCommand implements Callable<Integer> {
  private final Installed installed;

  @Spec
  CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "BOARD", defaultValue = "virt",
      description = "A board's name, or a .dtb or .platform file (default: ${DEFAULT-VALUE}).")
  String board;

  @Option(names = "--dtb", paramLabel = "FILE", description = "The board's device tree; same as naming it as BOARD.")
  Path dtb;

  @Option(names = "--guest", paramLabel = "NAME",
      description = "debian or tiny (default: debian; if it can't be had, tiny, and the exit code is 5).")
  String guest;

  @Option(names = "--fallback", description = "Without --guest: tiny is as good, and no reason for another exit code.")
  boolean fallback;

  @Option(names = "--kernel", paramLabel = "FILE",
      description = "A program instead of a guest: an arm64 Image, plain or gzip, an AArch64 ELF file or a flat binary.")
  Path kernel;

  @Option(names = "--kernel-address", paramLabel = "HEX", converter = PhysicalAddress.class,
      description = "Where in RAM a flat binary or position-independent ELF file goes (default: 512 KiB behind the start of RAM).")
  Long kernelAddress;

  @Option(names = "--entry", paramLabel = "HEX", converter = PhysicalAddress.class,
      description = "Where a flat binary or ELF file is entered (default: at its start, or where the ELF file says).")
  Long entry;

  @Option(names = "--initrd", paramLabel = "FILE", description = "First root file system instead of the guest's.")
  Path initrd;

  @Option(names = "--append", paramLabel = "WORDS", description = "Added to the guest's kernel command line.")
  String append = "";

  @Option(names = "--module", paramLabel = "KIND=FILE[,WORDS]",
      description = "For a hypervisor as the kernel: what it starts, as a multiboot module with a command line; KIND is kernel,"
          + " ramdisk or what else it knows, after NODE/ for a domain that a node below /chosen describes. May be repeated.")
  List<String> modules = new ArrayList<>();

  @Option(names = "--add-file", paramLabel = "GUEST-PATH=FILE",
      description = "Puts a program into the debian guest's first root file system.")
  List<String> addFiles = new ArrayList<>();

  @Option(names = "--package", paramLabel = "NAME",
      description = "Puts a Debian package with what it needs into the debian guest's first root file system, for example"
          + " xenstore-utils. May be repeated.")
  List<String> packages = new ArrayList<>();

  @Option(names = "--cpus", paramLabel = "N", description = "CPUs, 1 to 8 (default: 1, or what a file says).")
  Integer cpus;

  @Option(names = "--memory", paramLabel = "SIZE", converter = MemorySize.class,
      description = "RAM, for example 512M or 2G (default: 512M, or what a file says).")
  Long memory;

  @Option(names = "--gic", paramLabel = "VERSION", description = "Interrupt controller, 2 or 3 (default: the board's).")
  Integer gic;

  @Option(names = "--granules", paramLabel = "SIZES",
      description = "Translation granules of the CPUs, some of 4k,16k,64k: the sizes of pages that a kernel may be built for (default:"
          + " 4k, or what a file says).")
  String granules;

  @Option(names = "--option", paramLabel = "NAME=VALUE",
      description = "An option of a board that is made to measure: on virt kaslr-seed=none, its=off, platform-bus=off, virtio=N …"
          + " May be repeated.")
  List<String> boardOptions = new ArrayList<>();

  @Option(names = "--el2", description = "CPUs with EL2 and an interrupt controller with the virtual interface, for a hypervisor.")
  boolean el2;

  @Option(names = "--hypervisor", description = "Xenolith's hypervisor under the guest, which becomes its Dom0.")
  boolean hypervisor;

  @Option(names = "--domu", paramLabel = "CONFIG",
      description = "A domain to create beside Dom0, by a file in the form of xl.cfg; with --hypervisor. May be repeated.")
  List<Path> domUs = new ArrayList<>();

  @Option(names = "--dom0-memory", paramLabel = "SIZE", converter = MemorySize.class,
      description = "RAM of Dom0 (default: 384M, or half of a machine that has less than 768M).")
  Long dom0Memory;

  @Option(names = "--dom0-vcpus", paramLabel = "N", description = "Virtual CPUs of Dom0 (default: as many as the machine has).")
  Integer dom0Vcpus;

  @Option(names = "--console", paramLabel = "DOMAIN|NODE",
      description = "Show and feed the console of this domain, by name or domid, or of this node (/virtio_mmio@a000000) instead of the"
          + " board's; a domain may come later.")
  String console = "";

  @Option(names = "--no-dom0", description = "No Dom0: nothing but the domains of --domu.")
  boolean noDom0;

  @Option(names = "--engine", paramLabel = "NAME",
      description = "CPU engine: interpreter, regions, or lockstep, which compares them (default: the best installed).")
  String engine = "";

  @Option(names = "--pci", paramLabel = "SLOT=MODEL",
      description = "Plugs in a PCI device, for example 1.0=root-port and 1.0/0.0=nvme behind it. May be repeated.")
  List<String> cards = new ArrayList<>();

  @Option(names = "--pcie", paramLabel = "KIND",
      description = "The board's PCI host bridge: on virt ecam, cam, dw, xgene or none (default: ecam with GIC 3 or PCI devices).")
  String pcie;

  @Option(names = "--iommu", paramLabel = "KIND",
      description = "What translates the addresses of PCI devices: none, or smmuv3 (default: none).")
  String iommu;

  @Option(names = "--disk", paramLabel = "FILE[,write][,readonly][,pci=SLOT]",
      description = "A raw image as virtio disk, or as that of a PCI device; writes stay in an overlay unless 'write' is said."
          + " May be repeated.")
  List<String> disks = new ArrayList<>();

  @Option(names = "--nic", paramLabel = "[pci=SLOT][,mac=ADDRESS][,bridge=NAME]", arity = "0..1", fallbackValue = ",",
      description = "A virtio network card, or the settings of a PCI device that is one, on a bridge inside the machine"
          + " (default: xenbr0). May be repeated.")
  List<String> nics = new ArrayList<>();

  @Option(names = "--virtio-console", paramLabel = "pci=SLOT", arity = "0..1", fallbackValue = ",",
      description = "A virtio console, Linux' hvc0, or that of a PCI device that is one; '--console NODE' shows it. May be repeated.")
  List<String> consoles = new ArrayList<>();

  @Option(names = "--set", paramLabel = "NODE:OPTION=VALUE",
      description = "A model's option or quirk switch at a node; see 'models --options'.")
  List<String> settings = new ArrayList<>();

  @Option(names = "--until", paramLabel = "REGEX", description = "Stop when the console shows this.")
  String until;

  @Option(names = "--limit", paramLabel = "VIRTUAL-SECONDS", defaultValue = "600",
      description = "Stop after this much virtual time (default: ${DEFAULT-VALUE}).")
  double limit;

  @Option(names = "--on-panic", paramLabel = "WHAT", defaultValue = "stop",
      description = "What follows a kernel panic on the board's console: stop, 2 virtual seconds later, with the outcome panic; or continue"
          + " (default: ${DEFAULT-VALUE}).")
  String onPanic;

  @Option(names = "--hang-limit", paramLabel = "HOST-SECONDS", defaultValue = "30",
      description = "End with exit code 4 when a bundle's call takes this long and nobody is at a terminal to decide; 0 for never"
          + " (default: ${DEFAULT-VALUE}).")
  double hangLimit;

  @Option(names = "--times", paramLabel = "N", defaultValue = "1",
      description = "Boot so often, each time on a new machine of the same process; the report has the host time of each boot.")
  int times;

  @Option(names = "--report", paramLabel = "FILE.json", description = "Write outcome, counts and digest.")
  Path report;

  @Option(names = "--profile", paramLabel = "DIR",
      description = "Find out where guest time goes; write text, a flame graph and collapsed stacks when the run ends.")
  Path profile;

  @Option(names = "--profile-period", paramLabel = "N", defaultValue = "" + ProfileRequest.PERIOD,
      description = "With --profile: look at each CPU every N instructions (default: ${DEFAULT-VALUE}).")
  long profilePeriod;

  @Option(names = "--symbols", paramLabel = "FILE[@OFFSET]",
      description = "With --profile: names of addresses, from an ELF file or lines as in System.map, moved by OFFSET (hexadecimal)."
          + " A Linux kernel's own are found without. May be repeated.")
  List<String> symbols = new ArrayList<>();

  @Option(names = "--save", paramLabel = "DIR", description = "Write a snapshot when the run ends.")
  Path save;

  @Option(names = "--load", paramLabel = "DIR", description = "Continue a snapshot instead of booting.")
  Path load;

  @Option(names = "--record", paramLabel = "FILE", description = "Journal all outside input.")
  Path record;

  @Option(names = "--replay", paramLabel = "FILE", description = "Take outside input from a journal.")
  Path replay;

  @Option(names = "--stdin", description = "Feed standard input to the guest's console although it is no terminal;"
      + " until it ends, an idle guest waits as long as a clock says.")
  boolean stdin;

  @Option(names = "--plugins", paramLabel = "DIR",
      description = "Watch a folder: a jar dropped, changed or deleted there is added, replaced or removed. It runs with your rights.")
  Path plugins;

  @Option(names = {"-v", "--verbose"}, description = "Tell events of the machine on standard error.")
  boolean verbose;

  BootCommand(Installed installed) {
    this.installed = installed;
  }

  @Override
  public Integer call() throws Exception {
    check();
    return new BootSession(installed, this, spec.commandLine().getErr()).run();
  }

  /** What can't be meant is said before anything is built or fetched. */
  private void check() {
    if (!(limit > 0 && limit < 1e9)) {
      bad("--limit " + limit + ": expected virtual seconds above 0");
    }
    if (!(hangLimit >= 0 && hangLimit < 1e9)) {
      bad("--hang-limit " + hangLimit + ": expected host seconds, or 0 for none");
    }
    if (times < 1) {
      bad("--times " + times + ": expected 1 or more");
    }
    if (times > 1 && (record != null || replay != null || save != null || profile != null || stdin)) {
      bad("--times " + times + " excludes --record, --replay, --save, --profile and --stdin, which are about one run");
    }
    if (dtb != null && !board.equals("virt")) {
      bad("--dtb and BOARD exclude each other: the tree is the board");
    }
    try {
      if (cpus != null) {
        BootRules.cpus(cpus.toString());
      }
      if (gic != null) {
        BootRules.gic(gic.toString());
      }
      ProfileRequest.period(Long.toString(profilePeriod));
      BootRules.onPanic(onPanic);
      BootRules.together(said());
    } catch (BadInput e) {
      bad(e.getMessage());
    }
    FileOption.requireFolderOf("--report", report);
    FileOption.requireFolderOf("--save", save);
    FileOption.requireFolderOf("--profile", profile);
    FileOption.requireFolderOf("--record", record);
    FileOption.requireFile("--replay", replay, InputFile.GUEST);
    FileOption.requireFile("--kernel", kernel, InputFile.GUEST);
    FileOption.requireFile("--initrd", initrd, InputFile.GUEST);
    domUs.forEach(file -> FileOption.requireFile("--domu", file, InputFile.WRITTEN));
    marker();
  }

  /** The options that were given, by their names. */
  private Set<String> said() {
    ParseResult given = spec.commandLine().getParseResult();
    Set<String> names = given.matchedOptions().stream().map(OptionSpec::longestName).collect(Collectors.toSet());
    if (given.hasMatchedPositional(0)) {
      names.add(BootRules.BOARD);
    }
    return names;
  }

  /** What is to be launched. */
  LaunchRequest request(boolean terminal) {
    LaunchRequest.Builder request = load != null ? LaunchRequest.ofSnapshot(load) : LaunchRequest.of(board());
    if (cpus != null) {
      request.cpus(cpus);
    }
    if (memory != null) {
      request.memory(memory);
    }
    if (gic != null) {
      request.gic(gic);
    }
    if (guest != null) {
      request.guest(guest);
    }
    if (kernel != null) {
      request.kernel(kernel);
    }
    if (kernelAddress != null) {
      request.kernelAddress(kernelAddress);
    }
    if (entry != null) {
      request.entry(entry);
    }
    if (initrd != null) {
      request.initrd(initrd);
    }
    // A run with an end of its own, or one that repeats another, has no person to wait for.
    if (dom0Memory != null) {
      request.option("dom0-memory", Long.toString(dom0Memory));
    }
    if (dom0Vcpus != null) {
      request.option("dom0-vcpus", Integer.toString(dom0Vcpus));
    }
    if (!cards.isEmpty()) {
      request.option("pci", String.join(" ", cards));
    }
    if (!nics.isEmpty()) {
      request.option("nic", String.join(" ", nics));
    }
    if (!consoles.isEmpty()) {
      request.option("virtio-console", String.join(" ", consoles));
    }
    if (pcie != null) {
      request.option("pcie", pcie);
    }
    if (granules != null) {
      request.option("granules", granules);
    }
    if (iommu != null) {
      request.option("iommu", iommu);
    }
    return request.el2(el2).boardOptions(boardOptions).engine(engine).settings(settings).append(append).modules(modules).addFiles(addFiles)
        .packages(packages)
        .disks(disks).hypervisor(hypervisor).domUs(domUs).noDom0(noDom0).shell(terminal && until == null && replay == null).build();
  }

  /** A file of a board's name is still a file when {@code --dtb} names it. */
  private String board() {
    if (dtb == null) {
      return board;
    }
    boolean ambiguous = installed.boards().stream().anyMatch(b -> b.name().equals(dtb.toString()));
    return ambiguous ? Path.of(".").resolve(dtb).toString() : dtb.toString();
  }

  /** The marker to stop at, or null. */
  Pattern marker() {
    try {
      return until == null ? null : Pattern.compile(until);
    } catch (PatternSyntaxException e) {
      bad("--until: " + e.getDescription() + " at position " + e.getIndex() + " of '" + until + "'");
      return null;
    }
  }

  private void bad(String message) {
    throw new ParameterException(spec.commandLine(), message);
  }

  /** Where progress and complaints go. */
  PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
