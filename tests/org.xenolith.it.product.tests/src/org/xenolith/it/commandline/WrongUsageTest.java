// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.Lane;

/**
 * Whatever is wrong with a command or its files: exit code 2 and a message that says where and what helps. All lines are run in one
 * process of the product, some of each kind as a user starts it; the full lane starts every one so.
 */
class WrongUsageTest {
  @TempDir
  private static Path work;

  /** A program, but not for these machines. */
  private static final String JAVA = ProcessHandle.current().info().command().orElseThrow();

  @TempDir
  private static Path own;

  /** Lines of which one is started as a user does: a file of each kind is among them. */
  private static final int STARTED = 16;

  @BeforeAll
  static void makeBadFiles() throws IOException, InterruptedException {
    Path tree = work.resolve("virt.dtb");
    Path platform = work.resolve("virt.platform");
    Product.run("topology", "import", "virt", platform).expect(0);
    Product.run("topology", "export", platform, tree).expect(0);
    byte[] blob = Files.readAllBytes(tree);
    byte[] text = Files.readAllBytes(platform);
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    write("cut.dtb", Arrays.copyOf(blob, blob.length / 2));
    write("empty.dtb", new byte[0]);
    write("text.dtb", "This is text, and no tree.\n".getBytes(StandardCharsets.UTF_8));
    write("cut.platform", Arrays.copyOf(text, text.length / 2));
    write("noise.Image", noise);
    write("noise.dtb", noise);
    byte[] damaged = noise.clone();
    System.arraycopy(blob, 0, damaged, 0, 4);
    write("damaged.dtb", damaged);
    write("short.Image", Arrays.copyOf(noise, 20));
    try (var packed = new GZIPOutputStream(Files.newOutputStream(work.resolve("whole.gz")))) {
      packed.write(noise);
    }
    write("cut.gz", Arrays.copyOf(Files.readAllBytes(work.resolve("whole.gz")), 5000));
    write("deep.scenario", ("name: deep\nsteps: " + "[".repeat(20_000) + "]".repeat(20_000) + "\n").getBytes(StandardCharsets.UTF_8));
    Files.createDirectory(work.resolve("hollow"));
    try (var giant = new RandomAccessFile(work.resolve("giant").toFile(), "rw")) {
      giant.setLength(1L << 42);
    }
    TestTools.run("mkfifo", work.resolve("pipe")).expect(0);
    Path kernel = SmallKernel.assemble(work, SmallKernel.READY_AND_WAITS);
    for (String kind : List.of("/dev/zero", "pipe", "giant")) {
      write("kernel" + kind.replace('/', '-') + ".cfg", ("name = 'x'\nmemory = 32\nkernel = '" + kind + "'\n").getBytes(
          StandardCharsets.UTF_8));
      write("disk" + kind.replace('/', '-') + ".cfg", ("name = 'x'\nmemory = 32\nkernel = '" + kernel.getFileName() + "'\ndisk = ['" + kind
          + ",raw,xvda,rw']\n").getBytes(StandardCharsets.UTF_8));
    }
    Path snapshot = work.resolve("snapshot");
    Product.run("boot", "--guest", "tiny", "--limit", "0.01", "--save", snapshot).expect(3);
    damaged(snapshot, "without-ram", file -> file.getFileName().toString().startsWith("ram") ? null : Files.readAllBytes(file));
    damaged(snapshot, "empty-files", file -> new byte[0]);
    damaged(snapshot, "cut-state", file -> file.toString().endsWith(".dtb") ? Files.readAllBytes(file)
        : Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
    for (String part : List.of("board.dtb", "boot.txt", "manifest.txt", "state.txt", "ram.img")) {
      damaged(snapshot, "zero-" + part, file -> file.endsWith(part) ? null : Files.readAllBytes(file));
      Files.createSymbolicLink(work.resolve("zero-" + part).resolve(part), Path.of("/dev/zero"));
    }
    damaged(snapshot, "cut-files", file -> Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
  }

  /** What becomes of one file of a snapshot; null leaves it out. */
  private interface Damage {
    byte[] of(Path file) throws IOException;
  }

  private static void damaged(Path snapshot, String name, Damage damage) throws IOException {
    try (Stream<Path> files = Files.walk(snapshot)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = damage.of(file);
        if (content != null) {
          Path copy = work.resolve(name).resolve(snapshot.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.write(copy, content);
        }
      }
    }
  }

  private static void write(String name, byte[] content) throws IOException {
    Files.write(work.resolve(name), content);
  }

  /** One command line that is refused, and what the complaint must say. */
  private record Refused(String says, Object... line) {
    String text() {
      return "xenolith " + String.join(" ", Arrays.stream(line).map(Object::toString).toList());
    }

    void check(Outcome outcome) {
      outcome.expect(2).errHas(says);
      assertFalse(outcome.err().contains("internal fault;"), outcome::toString);
    }
  }

  @TestFactory
  List<DynamicTest> isRefused() throws IOException, InterruptedException {
    List<Refused> refused = refused();
    Map<Path, Long> before = files();
    List<Outcome> outcomes = ManyLines.run(work, own, refused.stream().map(Refused::line).toList());
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < refused.size(); i++) {
      Refused one = refused.get(i);
      Outcome outcome = outcomes.get(i);
      tests.add(DynamicTest.dynamicTest(one.text(), () -> one.check(outcome)));
      if (Lane.full() || i % STARTED == 0) {
        tests.add(DynamicTest.dynamicTest("./" + one.text(), () -> one.check(Product.runIn(work, one.line))));
      }
    }
    tests.add(DynamicTest.dynamicTest("nothing is left behind", () -> assertEquals(before, files())));
    return tests;
  }

  /** All files there are, and their sizes. */
  private static Map<Path, Long> files() throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.toList()) {
        sizes.put(file, Files.isRegularFile(file) ? Files.size(file) : 0);
      }
    }
    return sizes;
  }

  private static List<Refused> refused() {
    List<Refused> cases = new ArrayList<>(List.of(
        new Refused("a command is missing"),
        new Refused("'bot'.*\\s.*boot", "bot"),
        new Refused("Unknown option: '--nonsense'", "boot", "--nonsense"),
        new Refused("board 'nosuchboard': no such board or file\\. Boards: .*virt.*\\.dtb", "boot", "nosuchboard"),
        new Refused("'surplus'", "boot", "virt", "surplus"),
        new Refused("--until: .* at position \\d+ of '\\('", "boot", "--until", "("),
        new Refused("--memory.*'12X'.*expected", "boot", "--memory", "12X"),
        new Refused("--memory.*'0'.*expected", "boot", "--memory", "0"),
        new Refused("memory can't be had; possible: .*32 MiB", "boot", "--guest", "tiny", "--memory", "16M"),
        new Refused("--cpus '9': expected 1 to 8", "boot", "--cpus", "9"),
        new Refused("--gic '4': expected 2 or 3", "boot", "--gic", "4"),
        new Refused("--cpu '4': expected a CPU's name, such as cortex-a53; how many CPUs there are says --cpus 4", "boot", "--cpu", "4"),
        new Refused(
            "--cpu 'a53': no bundle that is installed describes a CPU 'a53'; there are cortex-a53, cortex-a57, cortex-a72, x86-64-v2",
            "boot", "--cpu", "a53"),
        new Refused(
            "--cpu 'x86-64-v2': it executes x64, and the board's CPUs are arm,cortex-a57; choose a CPU of that kind, or another board",
            "boot", "virt",
            "--guest", "tiny", "--cpu", "x86-64-v2"),
        new Refused("--limit 0: expected", "boot", "--limit", "0"),
        new Refused("--limit.*'soon'", "boot", "--limit", "soon"),
        new Refused("--guest 'nix': no such guest\\. Guests: debian, debian-16k, debian-amd64, debian-amd64-cloud, tiny", "boot", "--guest",
            "nix"),
        new Refused("--kernel and --guest exclude each other", "boot", "--guest", "tiny", "--kernel", "x"),
        new Refused("--kernel 'nosuch': no such file", "boot", "--kernel", "nosuch"),
        new Refused("noise\\.Image'.*no A64 code.*--kernel-address", "boot", "--kernel", "noise.Image"),
        new Refused("short\\.Image'.*no A64 code", "boot", "--kernel", "short.Image"),
        new Refused("noise\\.Image'.*0x1000, where the machine has no RAM; it has 0x40000000-0x5fffffff", "boot", "--kernel",
            "noise.Image", "--kernel-address", "1000"),
        new Refused("noise\\.Image'.*entry 0x40080002 is no multiple of 4", "boot", "--kernel", "noise.Image", "--kernel-address",
            "40080000", "--entry", "0x40080002"),
        new Refused("--kernel-address.*'12G' is no physical address", "boot", "--kernel", "noise.Image", "--kernel-address", "12G"),
        new Refused("--kernel-address is about a file: name it with --kernel", "boot", "--kernel-address", "40080000"),
        new Refused("--hypervisor excludes --kernel-address", "boot", "--hypervisor", "--kernel", "noise.Image", "--kernel-address",
            "1000"),
        new Refused("java.*ELF file for x86, has no PVH entry", "boot", "--kernel", JAVA),
        new Refused("text\\.dtb'.*is text", "boot", "--kernel", "text.dtb"),
        new Refused("virt\\.dtb'.*is a device tree", "boot", "--kernel", "virt.dtb"),
        new Refused("empty\\.dtb'.*empty", "boot", "--kernel", "empty.dtb"),
        new Refused("whole\\.gz'.*not an arm64 Image", "boot", "--kernel", "whole.gz"),
        new Refused("board virt: option 'kaslr-seed=never'.*hexadecimal", "boot", "--guest", "tiny", "--option", "kaslr-seed=never"),
        new Refused("--option 'its=off': virt\\.dtb is not made to measure", "boot", "virt.dtb", "--option", "its=off"),
        new Refused("--virtio-console 'pci=1\\.0': there is no virtio device in slot 1\\.0; plug one in", "boot", "--guest", "tiny",
            "--virtio-console", "pci=1.0"),
        new Refused("console /nowhere: this machine has no such node", "boot", "--guest", "tiny", "--console", "/nowhere"),
        new Refused("cut\\.gz'.*cut off.*Copy the file again", "boot", "--kernel", "cut.gz"),
        new Refused("--initrd 'nosuch': no such file", "boot", "--initrd", "nosuch"),
        new Refused("noise\\.dtb is neither a devicetree blob nor a topology file: it begins with", "boot", "noise.dtb"),
        new Refused("damaged\\.dtb: a damaged devicetree blob: offset 0x", "boot", "--dtb", "damaged.dtb"),
        new Refused("cut\\.dtb: .*cut off or damaged", "boot", "cut.dtb"),
        new Refused("empty\\.dtb", "boot", "empty.dtb"),
        new Refused("text\\.dtb", "boot", "--dtb", "text.dtb"),
        new Refused("cut\\.platform.* line \\d+.*topology import", "boot", "cut.platform"),
        new Refused("--gic '3': virt\\.dtb is not made to measure", "boot", "virt.dtb", "--gic", "3"),
        new Refused("board virt: 3 CPUs can't be had; possible: 1 to 1", "boot", "virt.dtb", "--cpus", "3"),
        new Refused("--dtb and BOARD exclude each other", "boot", "virt.dtb", "--dtb", "virt.dtb"),
        new Refused("--board and BOARD exclude each other", "boot", "virt", "--board", "virt"),
        new Refused("--cpus: expected one value, got 2", "boot", "--cpus", "2", "--cpus", "3"),
        new Refused("--no-dom0 leaves nothing to run: name domains with --domu", "boot", "--no-dom0"),
        new Refused("--dom0-vcpus '0': expected 1 to 128", "boot", "--hypervisor", "--dom0-vcpus", "0"),
        new Refused("--load and --hypervisor exclude each other", "boot", "--load", "hollow", "--hypervisor"),
        new Refused("--load 'nosuch': no snapshot", "boot", "--load", "nosuch"),
        new Refused("--load 'hollow': no snapshot", "boot", "--load", "hollow"),
        new Refused("--load 'without-ram': ", "boot", "--load", "without-ram"),
        new Refused("--load 'empty-files': ", "boot", "--load", "empty-files"),
        new Refused("--load 'cut-state': ", "boot", "--load", "cut-state"),
        new Refused("--load 'cut-files': boot\\.txt or board\\.dtb isn't what was written", "boot", "--load", "cut-files"),
        new Refused("--record and --replay exclude each other", "boot", "--record", "a", "--replay", "b"),
        new Refused("--replay 'nosuch': no such file", "boot", "--guest", "tiny", "--replay", "nosuch"),
        new Refused("--replay 'noise\\.Image': ", "boot", "--guest", "tiny", "--replay", "noise.Image"),
        new Refused("--record 'no/such': there is no folder", "boot", "--guest", "tiny", "--record", "no/such"),
        new Refused("--report 'no/such': there is no folder", "boot", "--guest", "tiny", "--report", "no/such"),
        new Refused("--save 'no/such': there is no folder", "boot", "--guest", "tiny", "--save", "no/such"),
        new Refused("--save 'snapshot': the folder isn't empty; name one that is, or isn't there yet", "boot", "--guest", "tiny", "--save",
            "snapshot"),
        new Refused("--disk 'nosuch': .*", "boot", "--guest", "tiny", "--disk", "nosuch"),
        new Refused("--disk 'virt\\.dtb,often': 'often' is unknown; expected", "boot", "--guest", "tiny", "--disk", "virt.dtb,often"),
        new Refused("--pci 1\\.0: no bundle serves xenolith,pci-nonsense; './xenolith models' lists", "boot", "--guest", "tiny", "--pci",
            "1.0=nonsense"),
        new Refused("--pci 'pcie@1/1\\.0=nvme': the board has no PCI host bridge 'pcie@1'; there is pcie@10000000", "boot", "--guest",
            "tiny",
            "--pci", "pcie@1/1.0=nvme"),
        new Refused(
            "--disk 'virt\\.dtb,pci=1\\.0': there is no PCI device in slot 1\\.0; say pci=pcie@10000000/1\\.0, with the host bridge as"
                + " in --pci", "boot", "--guest", "tiny", "--pci", "pcie@10000000/1.0=nvme", "--disk", "virt.dtb,pci=1.0"),
        new Refused("--disk 'virt\\.dtb,pci=1\\.0': there is no PCI device in slot 1\\.0; plug one in with --pci 1\\.0=nvme", "boot",
            "--guest", "tiny", "--disk", "virt.dtb,pci=1.0"),
        new Refused("--disk 'virt\\.dtb,pci=1\\.0': the device in slot 1\\.0 has a disk already", "boot", "--guest", "tiny", "--pci",
            "1.0=nvme", "--disk", "virt.dtb,pci=1.0", "--disk", "virt.dtb,pci=1.0"),
        new Refused("--iommu 'smmuv3': virt\\.dtb is not made to measure, it is what the file says", "boot", "virt.dtb", "--iommu",
            "smmuv3"),
        new Refused("--granules '8k': expected one or more of 4k,16k,64k, got '8k'", "boot", "--guest", "tiny", "--granules", "8k"),
        new Refused("--load and --granules exclude each other", "boot", "--load", "hollow", "--granules", "4k"),
        new Refused("pages of 4 KiB .*granules of 16k only.*--granules 4k,16k", "boot", "--guest", "tiny", "--granules", "16k"),
        new Refused("stage 2 has pages of 4 KiB.* add 4k to --granules", "boot", "--guest", "tiny", "--hypervisor", "--granules",
            "16k,64k"),
        new Refused("--set 'blah': expected NODE:OPTION=VALUE", "boot", "--guest", "tiny", "--set", "blah"),
        new Refused("/nonode: .*topology show", "boot", "--guest", "tiny", "--set", "/nonode:x=1"),
        new Refused("/pl031@9010000: no option .*epoch-seconds", "boot", "--guest", "tiny", "--set", "/pl031@9010000:x=1"),
        new Refused("/xenolith-hypervisor: no option .*config-access", "boot", "--guest", "tiny", "--hypervisor", "--set",
            "/xenolith-hypervisor:x=1"),
        new Refused("/pl031@9010000: option epoch-seconds: expected .* got", "boot", "--guest", "tiny", "--set",
            "/pl031@9010000:epoch-seconds=late"),
        new Refused("--plugins 'nosuch': no such folder", "boot", "--guest", "tiny", "--plugins", "nosuch"),
        new Refused("--add-file 'bad': expected GUEST-PATH=FILE", "boot", "--guest", "debian", "--add-file", "bad"),
        new Refused("CPU engine warp .*interpreter", "boot", "--guest", "tiny", "--engine", "warp"),
        new Refused("import, export, lint or show", "topology"),
        new Refused("'nosuch': no such file", "topology", "import", "nosuch", "out.platform"),
        new Refused("'hollow': no \\.dtb file in it", "topology", "import", "hollow", "out"),
        new Refused("cut\\.dtb", "topology", "import", "cut.dtb", "out.platform"),
        new Refused("cut\\.platform", "topology", "export", "cut.platform", "out.dtb"),
        new Refused("option 'gic=7' can't be had; possible: gic=2\\|3", "topology", "import", "virt", "out.platform", "--gic", "7"),
        new Refused("'nosuch': no such file", "topology", "show", "nosuch"),
        new Refused("'hollow': no ", "topology", "lint", "hollow"),
        new Refused("guest 'nix': no such guest\\. Guests: debian, debian-16k, debian-amd64, debian-amd64-cloud, tiny", "guests", "fetch",
            "nix"),
        new Refused("--workloads.*'nix'.*int", "bench", "--workloads", "nix", "--runs", "1"),
        new Refused("--only.*BOOT, DOM0.*'nix'", "bench", "--only", "nix", "--runs", "1"),
        new Refused("--passes 1: expected 2", "bench", "--passes", "1"),
        new Refused("--page 'no/such': there is no folder", "bench", "--page", "no/such"),
        new Refused("--history 'text.dtb': line 1 is no result", "bench", "--history", "text.dtb"),
        new Refused("--json 'no/such': there is no folder", "bench", "--json", "no/such"),
        new Refused("--on-reset 'ask': expected boot or stop", "boot", "--on-reset", "ask"),
        new Refused("--on-panic 'ask': expected stop or continue", "boot", "--on-panic", "ask"),
        new Refused("deep\\.scenario:2: nested deeper than 100 levels", "run", "deep.scenario"),
        new Refused("--hang-limit -1\\.0: expected", "boot", "--guest", "tiny", "--hang-limit", "-1"),
        new Refused("--times 0: expected 1 or more", "boot", "--guest", "tiny", "--times", "0"),
        new Refused("--times 2 excludes --record", "boot", "--guest", "tiny", "--times", "2", "--record", "a"),
        new Refused("--runs", "bench", "--runs", "0")));
    cases.addAll(ofAKindOrSizeThatNoFileHas());
    return cases;
  }

  /** What would be read for ever, or until the memory is full. */
  private static List<Refused> ofAKindOrSizeThatNoFileHas() {
    Map<String, String> kinds = Map.of("/dev/zero", "a device, a pipe or a socket", "pipe", "a device, a pipe or a socket", "giant",
        "(has 4398046511104 bytes|more than 64 MiB)", "hollow", "a folder");
    List<Refused> cases = new ArrayList<>();
    kinds.forEach((file, says) -> {
      String at = "'" + file + "': .*" + says;
      cases.add(new Refused("--kernel " + at, "boot", "--kernel", file));
      cases.add(new Refused(file + ".* is .*" + says + "|" + file + " has .*" + says, "boot", "--guest", "tiny", "--dtb", file));
      cases.add(new Refused("--disk " + at, "boot", "--guest", "tiny", "--disk", file));
      if (file.equals("hollow")) {
        return;
      }
      cases.add(new Refused("--initrd " + at, "boot", "--guest", "tiny", "--initrd", file));
      cases.add(new Refused("--replay " + at, "boot", "--guest", "tiny", "--replay", file));
      cases.add(new Refused("--domu " + at, "boot", "--guest", "tiny", "--hypervisor", "--domu", file));
      cases.add(new Refused("--module " + at, "boot", "--kernel", "noise.Image", "--module", "kernel=" + file));
      cases.add(new Refused("--symbols " + at, "boot", "--guest", "tiny", "--profile", "profile", "--symbols", file));
      String cfg = file.replace('/', '-') + ".cfg";
      cases.add(new Refused("kernel: can't read " + at, "boot", "--no-dom0", "--hypervisor", "--domu", "kernel" + cfg));
      cases.add(new Refused("disk " + at, "boot", "--no-dom0", "--hypervisor", "--domu", "disk" + cfg));
      cases.add(new Refused("scenario " + at, "run", file));
      cases.add(new Refused(says, "topology", "show", file));
    });
    for (String part : List.of("board.dtb", "boot.txt", "manifest.txt", "state.txt", "ram.img")) {
      cases.add(new Refused("--load 'zero-" + part + "': .*" + part + ": .*a device, a pipe or a socket", "boot", "--load", "zero-"
          + part));
    }
    return cases;
  }

  /** Findings are the output of lint, so it complains there. */
  @TestFactory
  List<DynamicTest> lintNamesABadFileAmongItsFindings() throws IOException, InterruptedException {
    List<String> files = List.of("nosuch.dtb", "cut.dtb", "text.dtb", "cut.platform");
    Iterator<Outcome> outcomes = ManyLines.run(work, own, files.stream().map(file -> new Object[] {"topology", "lint", file}).toList())
        .iterator();
    return files.stream().map(file -> lint(file, outcomes.next())).toList();
  }

  private static DynamicTest lint(String file, Outcome outcome) {
    return DynamicTest.dynamicTest(file, () -> outcome.expect(2).outHas(file + ": error: .{20}").outHas("1 files, 1 errors"));
  }
}
