// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.profile.api.ProfileRequest;

/** What the boot dialog makes of what stands in it: the options that this product has. */
final class BootFormSteps implements Desk.Work {
  private final Path folder;
  private BootForm form;

  /** @param folder empty, for its files */
  BootFormSteps(Path folder) {
    this.folder = folder;
  }

  @Override
  public void at(Desk desk) throws Exception {
    for (Check check : List.<Check>of(this::whatIsLeftEmptyIsNotAskedFor, this::everyFieldComesIntoTheRequest,
        this::flatKernelGoesWhereItIsWanted,
        this::whoReplaysTypesNothing, this::whatExcludesEachOtherIsSaid, this::snapshotDecidesWhatItHasDecided,
        this::whatCantBeIsSaidAtItsField, this::launchersMessageFindsItsField)) {
      form = Desk.laboratory().empty();
      check.run();
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private interface Check {
    void run() throws Exception;
  }

  private void whatIsLeftEmptyIsNotAskedFor() {
    form.set("guest", "debian");
    assertEquals(Map.of(), form.faults());
    LaunchRequest request = form.request().launch();
    assertEquals("virt", request.board());
    assertEquals(Optional.of("debian"), request.guest());
    assertTrue(request.cpus().isEmpty() && request.memory().isEmpty());
    assertEquals(Map.of(LaunchRequest.ATTENDED, List.of(LaunchRequest.PERSON)), request.options(), "a person sits there");
    RunRequest run = form.request();
    assertEquals(List.of(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        List.of(run.save(), run.record(), run.replay(), run.profile()));
    assertEquals("", run.console());
    assertTrue(run.stopsAtPanic());
    assertEquals(100_003, run.profiled().period());
  }

  private void everyFieldComesIntoTheRequest() throws Exception {
    String file = Files.createFile(folder.resolve("a file")).toString();
    Map<String, String> values = Map.ofEntries(Map.entry("board", "board"), Map.entry("cpu", "cortex-a53"), Map.entry("cpus", "4"),
        Map.entry("fallback", BootForm.ON), Map.entry("memory", "2G"), Map.entry("gic", "3"), Map.entry("el2", BootForm.ON),
        Map.entry("engine", "interpreter"), Map.entry("set", "/a:b=c\n/d:e=f"), Map.entry("kernel", file),
        Map.entry("initrd", file), Map.entry("append", "quiet x"), Map.entry("module", "kernel=" + file + ",x"),
        Map.entry("add-file", "/bin/x=" + file), Map.entry("package", "one\ntwo"),
        Map.entry("disk", file + ",write\n\n" + file), Map.entry("nic", ",\nmac=52:54:00:12:34:57"),
        Map.entry("pci", "1.0=root-port\n1.0/0.0=nvme"), Map.entry("pcie", "dw"), Map.entry("iommu", "smmuv3"),
        Map.entry("hypervisor", BootForm.ON), Map.entry("domu", file), Map.entry("no-dom0", BootForm.ON),
        Map.entry("dom0-memory", "256M"), Map.entry("dom0-vcpus", "2"), Map.entry("granules", "4k,16k"),
        Map.entry("firmware", "acpi"), Map.entry("tables", "acpi"), Map.entry("efi-variables", folder.resolve("variables")
            .toString()),
        Map.entry("option", "kaslr-seed=none\nits=off"), Map.entry("virtio-console", "pci=2.0"), Map.entry("rng", "pci=3.0"),
        Map.entry("display", "ramfb"), Map.entry("start-info", "0"), Map.entry("node", file),
        Map.entry("console", "guest"), Map.entry("on-panic", "continue"), Map.entry("on-reset", "stop"),
        Map.entry("profile", folder.resolve("profile").toString()), Map.entry("profile-period", "1009"),
        Map.entry("symbols", file + "@1000\n" + file),
        Map.entry("save", folder.resolve("new").toString()), Map.entry("record", folder.resolve("journal").toString()));
    values.forEach(form::set);
    assertEquals(Map.of(), form.faults());
    RunRequest run = form.request();
    LaunchRequest request = run.launch();
    assertEquals("board", request.board());
    assertEquals(4, request.cpus().getAsInt());
    assertEquals(2L << 30, request.memory().getAsLong());
    assertEquals(Map.ofEntries(Map.entry("engine", List.of("interpreter")), Map.entry("cpu", List.of("cortex-a53")), Map.entry("el2", List
        .of(BootForm.ON)), Map.entry("granules",
            List.of("4k,16k")), Map.entry("option", request.option("option")), Map.entry("hypervisor", List.of(BootForm.ON)), Map.entry(
                "no-dom0", List.of(BootForm.ON)), Map.entry("domu", List.of(file)), Map.entry("on-reset", List.of("stop")), Map.entry(
                    LaunchRequest.ATTENDED, List.of(LaunchRequest.PERSON)), Map.entry("set", List.of("/a:b=c", "/d:e=f")), Map.entry(
                        "kernel",
                        List.of(file)), Map.entry("initrd", List.of(file)), Map.entry("append", List.of("quiet x")), Map.entry("module",
                            List
                                .of("kernel="
                                    + file + ",x")), Map.entry("disk", List.of(file + ",write", file)), Map.entry("fallback", List.of(
                                        BootForm.ON)),
        Map.entry(
            "add-file", List.of("/bin/x=" + file)), Map.entry(
                "package", List.of("one", "two")), Map.entry("nic", List.of(",", "mac=52:54:00:12:34:57")), Map.entry("pci", List.of(
                    "1.0=root-port",
                    "1.0/0.0=nvme")), Map.entry("dom0-memory", List.of("256M")), Map.entry("dom0-vcpus", List.of("2")), Map.entry(
                        "virtio-console",
                        List.of("pci=2.0")), Map.entry("node", List.of(file)), Map.entry("rng", List.of("pci=3.0")), Map.entry(
                            "display", List.of(
                                "ramfb")), Map.entry("start-info", List
                                    .of("0")), Map.entry("firmware", List.of("acpi")), Map.entry("tables", List.of("acpi")), Map.entry(
                                        "efi-variables",
                                        List
                                            .of(
                                                folder.resolve("variables").toString()))), request
                                                    .options());
    assertEquals(Map.of("gic", "3", "pcie", "dw", "iommu", "smmuv3", "kaslr-seed", "none", "its", "off"), request.boardOptions());
    assertEquals("guest", run.console());
    assertFalse(run.stopsAtPanic());
    assertEquals(Optional.of(folder.resolve("profile")), run.profile());
    assertEquals(new ProfileRequest(1009, List.of(file + "@1000", file)), run.profiled());
    assertEquals(Optional.of(folder.resolve("new")), run.save());
    assertEquals(Optional.of(folder.resolve("journal")), run.record());
    Set<String> other = new TreeSet<>(form.options().stream().map(option -> option.description().name()).toList());
    Stream.of(RunField.values()).map(RunField::option).forEach(other::add);
    other.removeAll(values.keySet());
    assertEquals(Set.of("guest", "load", "save-onto", "kernel-address", "entry", "replay", "dom0-builder", "debug-exit", "semihosting",
        "gdb", "dap",
        "trace", "history", "cloud-init", "share"),
        other,
        "fields that exclude others here, a hypervisor among them, are a PC's, or need folders of the host");
  }

  private void flatKernelGoesWhereItIsWanted() throws Exception {
    form.set("kernel", Files.createFile(folder.resolve("flat")).toString());
    form.set("kernel-address", "0x40200000");
    form.set("entry", "40200100");
    assertEquals(Map.of(), form.faults());
    assertEquals(List.of("0x40200000"), form.request().launch().option("kernel-address"));
    assertEquals(List.of("40200100"), form.request().launch().option("entry"));
  }

  private void whoReplaysTypesNothing() throws Exception {
    form.set("replay", Files.createFile(folder.resolve("journal")).toString());
    assertEquals(Map.of(), form.faults());
    assertEquals(Optional.of(folder.resolve("journal")), form.request().replay());
    assertEquals(List.of(LaunchRequest.JOURNAL), form.request().launch().option(LaunchRequest.ATTENDED));
  }

  private void whatExcludesEachOtherIsSaid() throws Exception {
    String file = Files.createFile(folder.resolve("file")).toString();
    form.set("record", folder.resolve("new").toString());
    form.set("replay", file);
    assertEquals(Map.of("record", said("--record and --replay exclude each other: a replayed run takes no new input")), form.faults());
    form.set("replay", "");
    form.set("entry", "1000");
    assertEquals(Map.of("entry", said("--entry is about a file: name it with --kernel")), form.faults());
    form.set("kernel", file);
    form.set("hypervisor", BootForm.ON);
    assertEquals(Map.of("hypervisor", said(
        "--hypervisor excludes --kernel-address and --entry: a domain's kernel goes where its builder puts it")), form.faults());
    form.set("entry", "");
    form.set("symbols", file);
    assertEquals(Map.of("symbols", said("--symbols names addresses of a profile: say where to write it with --profile")), form.faults());
  }

  private void snapshotDecidesWhatItHasDecided() {
    form.set("load", folder.toString());
    form.set("cpus", "many"); // nobody asks
    assertEquals(Map.of(), form.faults());
    assertEquals(Optional.of(folder.toString()), form.request().launch().text("load"));
    assertTrue(form.request().launch().cpus().isEmpty());
  }

  private void whatCantBeIsSaidAtItsField() {
    String missing = folder.resolve("missing").toString();
    assertFault("board", "", "Name a board, or a .dtb, .dts or .platform file.");
    assertFault("cpus", "9", "--cpus '9': expected 1 to 8");
    assertFault("memory", "much", "--memory 'much' is no possible amount of memory: expected for example 512M or 2G");
    assertFault("gic", "4", "--gic '4': expected 2 or 3");
    assertFault("set", "nothing", "--set 'nothing': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0");
    assertFault("kernel", folder.toString(), "--kernel '" + folder + "': a folder, not a file");
    assertFault("kernel", "/dev/zero", "--kernel '/dev/zero': a device, a pipe or a socket, not a file; write what comes of it to a"
        + " file first");
    assertFault("initrd", missing, "--initrd '" + missing + "': no such file");
    assertFault("module", "x", "--module 'x': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0");
    assertFault("module", "x=" + missing + ",y", "--module '" + missing + "': no such file");
    assertFault("add-file", "x", "--add-file 'x': expected GUEST-PATH=FILE, for example /bin/bench=bench");
    assertFault("domu", missing, "--domu '" + missing + "': no such file");
    assertFault("no-dom0", BootForm.ON, "--no-dom0 leaves nothing to run: name domains with --domu");
    assertFault("dom0-memory", "0", "--dom0-memory '0' is no possible amount of memory: expected for example 512M or 2G");
    assertFault("dom0-vcpus", "0", "--dom0-vcpus '0': expected 1 to 128");
    assertFault("profile-period", "10", "--profile-period 10: expected at least 100 instructions");
    assertFault("on-panic", "pray", "--on-panic 'pray': expected stop or continue");
    assertFault("replay", missing, "--replay '" + missing + "': no such file");
    assertFault("load", missing, "--load '" + missing + "': no snapshot made by --save: there is no such folder");
    assertFault("save", folder.toString(), "--save '" + folder + "': it is there already; a snapshot is a new folder");
    assertFault("record", missing + "/x", "--record '" + missing + "/x': there is no folder " + missing + "; make it first");
    form.set("kernel", folder.resolve("x").toString());
    form.set("kernel-address", "12G");
    assertEquals(said("--kernel-address '12G' is no physical address: expected hexadecimal digits, for example 0x40080000"),
        form.faults().get("kernel-address"));
  }

  /** A text as a message has it, from one with options as the command line shows them. */
  private static String marked(String text) {
    return text.replaceAll("--([a-z][a-z0-9-]*)", "\u27e6$1\u27e7");
  }

  static String said(String text) {
    return Desk.laboratory().empty().shown(marked(text));
  }

  private static void assertFault(String field, String value, String fault) {
    BootForm form = Desk.laboratory().empty();
    form.set(field, value);
    assertEquals(Map.of(field, said(fault)), form.faults());
  }

  private void launchersMessageFindsItsField() {
    assertEquals(Optional.of("disk"), form.culprit(marked("--disk 'x': 'y' is unknown; expected write")));
    assertEquals(Optional.of("pcie"), form.culprit(marked("--pcie 'x': the PCI host bridge of y is what the file says")));
    assertEquals(Optional.of("pci"), form.culprit(marked("--pci 1.0: no bundle serves x")));
    assertEquals(Optional.of("board"), form.culprit(marked("board 'x': no such board or file")));
    assertEquals(Optional.of("memory"), form.culprit(marked("x has no memory: say how much with --memory")));
    assertEquals(Optional.of("guest"), form.culprit(marked("guest debian: there is no network.")));
    assertEquals(Optional.of("engine"), form.culprit(marked("CPU engine x is not installed")));
    form.set("domu", "/tmp/one.cfg");
    assertEquals(Optional.of("domu"), form.culprit(marked("/tmp/one.cfg:3: memory: expected a number")));
    form.set("set", "/pl031@9010000:epoch=x");
    assertEquals(Optional.of("set"), form.culprit(marked("/pl031@9010000: no option [epoch]")));
    assertEquals(Optional.of("console"), form.culprit(marked("console x: this machine has no hypervisor; boot with --hypervisor")));
    form.set("option", "its=off\nkaslr-seed=never");
    assertEquals(Optional.of("option"), form.culprit(marked("board virt: option 'kaslr-seed=never' can't be had; possible: none")));
    assertEquals(Optional.of("option"), form.culprit(marked("--option 'its=off': x.dtb is not made to measure, it is what the file says")));
    assertEquals(Optional.of("granules"), form.culprit(marked("--granules '8k': expected")));
    assertEquals(Optional.empty(), form.culprit(marked("the moon is full")));
  }
}
