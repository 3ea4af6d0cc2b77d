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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.profile.api.ProfileRequest;

class BootFormTest {
  private final BootForm form = new BootForm();

  @TempDir
  Path folder;

  @Test
  void whatIsLeftEmptyIsNotAskedFor() {
    form.set(BootField.GUEST, "debian");
    assertEquals(Map.of(), form.faults());
    LaunchRequest request = form.request().launch();
    assertEquals("virt", request.board());
    assertEquals(Optional.of("debian"), request.guest());
    assertTrue(request.cpus().isEmpty() && request.memory().isEmpty() && request.gic().isEmpty() && request.kernel().isEmpty());
    assertTrue(request.disks().isEmpty() && request.options().isEmpty() && request.domUs().isEmpty() && !request.hypervisor());
    assertTrue(request.kernelAddress().isEmpty() && request.entry().isEmpty() && request.boardOptions().isEmpty());
    assertTrue(request.shell());
    RunRequest run = form.request();
    assertEquals(List.of(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        List.of(run.save(), run.record(), run.replay(), run.profile()));
    assertEquals("", run.console());
    assertTrue(run.stopsAtPanic());
    assertEquals(100_003, run.profiled().period());
  }

  @Test
  void everyFieldComesIntoTheRequest() throws Exception {
    String file = Files.createFile(folder.resolve("a file")).toString();
    Map<BootField, String> values = Map.ofEntries(Map.entry(BootField.BOARD, "board"), Map.entry(BootField.CPUS, "4"),
        Map.entry(BootField.MEMORY, "2G"), Map.entry(BootField.GIC, "3"), Map.entry(BootField.EL2, BootForm.ON),
        Map.entry(BootField.ENGINE, "interpreter"), Map.entry(BootField.SET, "/a:b=c\n/d:e=f"), Map.entry(BootField.KERNEL, file),
        Map.entry(BootField.INITRD, file), Map.entry(BootField.APPEND, "quiet x"), Map.entry(BootField.MODULE, "kernel=" + file + ",x"),
        Map.entry(BootField.ADD_FILE, "/bin/x=" + file), Map.entry(BootField.PACKAGE, "one  two"),
        Map.entry(BootField.DISK, file + ",write\n\n" + file), Map.entry(BootField.NIC, ",\nmac=52:54:00:12:34:56"),
        Map.entry(BootField.PCI, "1.0=root-port\n1.0/0.0=nvme"), Map.entry(BootField.PCIE, "dw"), Map.entry(BootField.IOMMU, "smmuv3"),
        Map.entry(BootField.HYPERVISOR, BootForm.ON), Map.entry(BootField.DOMU, file), Map.entry(BootField.NO_DOM0, BootForm.ON),
        Map.entry(BootField.DOM0_MEMORY, "256M"), Map.entry(BootField.DOM0_VCPUS, "2"), Map.entry(BootField.GRANULES, "4k,16k"),
        Map.entry(BootField.OPTION, "kaslr-seed=none\nits=off"), Map.entry(BootField.VIRTIO_CONSOLE, "pci=2.0"),
        Map.entry(BootField.CONSOLE, "guest"), Map.entry(BootField.ON_PANIC, "continue"),
        Map.entry(BootField.PROFILE, folder.resolve("profile").toString()), Map.entry(BootField.PROFILE_PERIOD, "1009"),
        Map.entry(BootField.SYMBOLS, file + "@1000\n" + file),
        Map.entry(BootField.SAVE, folder.resolve("new").toString()), Map.entry(BootField.RECORD, folder.resolve("journal").toString()));
    values.forEach(form::set);
    assertEquals(Map.of(), form.faults());
    RunRequest run = form.request();
    LaunchRequest request = run.launch();
    assertEquals("board", request.board());
    assertEquals(4, request.cpus().getAsInt());
    assertEquals(2L << 30, request.memory().getAsLong());
    assertEquals(3, request.gic().getAsInt());
    assertTrue(request.el2() && request.hypervisor() && request.noDom0());
    assertEquals("interpreter", request.engine());
    assertEquals(List.of("/a:b=c", "/d:e=f"), request.settings());
    assertEquals(Optional.of(Path.of(file)), request.kernel());
    assertEquals(Optional.of(Path.of(file)), request.initrd());
    assertEquals("quiet x", request.append());
    assertEquals(List.of("kernel=" + file + ",x"), request.modules());
    assertEquals(List.of("/bin/x=" + file), request.addFiles());
    assertEquals(List.of("one", "two"), request.packages());
    assertEquals(List.of(file + ",write", file), request.disks());
    assertEquals(List.of(Path.of(file)), request.domUs());
    assertEquals(Map.of("nic", ", mac=52:54:00:12:34:56", "pci", "1.0=root-port 1.0/0.0=nvme", "pcie", "dw", "iommu", "smmuv3",
        "dom0-memory", Long.toString(256L << 20), "dom0-vcpus", "2", "granules", "4k,16k", "virtio-console", "pci=2.0"), request.options());
    assertEquals(List.of("kaslr-seed=none", "its=off"), request.boardOptions());
    assertEquals("guest", run.console());
    assertFalse(run.stopsAtPanic());
    assertEquals(Optional.of(folder.resolve("profile")), run.profile());
    assertEquals(new ProfileRequest(1009, List.of(file + "@1000", file)), run.profiled());
    assertEquals(Optional.of(folder.resolve("new")), run.save());
    assertEquals(Optional.of(folder.resolve("journal")), run.record());
    Set<BootField> other = new java.util.TreeSet<>(Set.of(BootField.values()));
    other.removeAll(values.keySet());
    assertEquals(Set.of(BootField.GUEST, BootField.LOAD, BootField.KERNEL_ADDRESS, BootField.ENTRY, BootField.REPLAY), other,
        "fields that exclude others here");
  }

  @Test
  void flatKernelGoesWhereItIsWanted() throws Exception {
    form.set(BootField.KERNEL, Files.createFile(folder.resolve("flat")).toString());
    form.set(BootField.KERNEL_ADDRESS, "0x40200000");
    form.set(BootField.ENTRY, "40200100");
    assertEquals(Map.of(), form.faults());
    assertEquals(0x4020_0000L, form.request().launch().kernelAddress().getAsLong());
    assertEquals(0x4020_0100L, form.request().launch().entry().getAsLong());
  }

  @Test
  void whoReplaysTypesNothing() throws Exception {
    form.set(BootField.REPLAY, Files.createFile(folder.resolve("journal")).toString());
    assertEquals(Map.of(), form.faults());
    assertEquals(Optional.of(folder.resolve("journal")), form.request().replay());
    assertFalse(form.request().launch().shell());
  }

  @Test
  void whatExcludesEachOtherIsSaidAsOnTheCommandLine() throws Exception {
    String file = Files.createFile(folder.resolve("file")).toString();
    form.set(BootField.RECORD, folder.resolve("new").toString());
    form.set(BootField.REPLAY, file);
    assertEquals(Map.of(BootField.RECORD, "--record and --replay exclude each other: a replayed run takes no new input"), form.faults());
    form.set(BootField.REPLAY, "");
    form.set(BootField.ENTRY, "1000");
    assertEquals(Map.of(BootField.ENTRY, "--entry is about a file: name it with --kernel"), form.faults());
    form.set(BootField.KERNEL, file);
    form.set(BootField.HYPERVISOR, BootForm.ON);
    assertEquals(Map.of(BootField.HYPERVISOR,
        "--hypervisor excludes --kernel-address and --entry: a domain's kernel goes where its builder puts it"), form.faults());
    form.set(BootField.ENTRY, "");
    form.set(BootField.SYMBOLS, file);
    assertEquals(Map.of(BootField.SYMBOLS, "--symbols names addresses of a profile: say where to write it with --profile"), form.faults());
  }

  @Test
  void snapshotDecidesWhatItHasDecided() {
    form.set(BootField.LOAD, folder.toString());
    form.set(BootField.CPUS, "many"); // nobody asks
    assertEquals(Map.of(), form.faults());
    assertEquals(Optional.of(folder), form.request().launch().load());
    assertTrue(form.request().launch().cpus().isEmpty());
  }

  @Test
  void whatCantBeIsSaidAtItsField() {
    String missing = folder.resolve("missing").toString();
    assertFault(BootField.BOARD, "", "Name a board, or a .dtb or .platform file.");
    assertFault(BootField.CPUS, "9", "--cpus 9: expected 1 to 8");
    assertFault(BootField.MEMORY, "much", "'much' is no possible amount of memory: expected for example 512M or 2G");
    assertFault(BootField.GIC, "4", "--gic 4: expected 2 or 3");
    assertFault(BootField.SET, "nothing", "--set 'nothing': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0");
    assertFault(BootField.KERNEL, folder.toString(), "--kernel '" + folder + "': a folder, not a file");
    assertFault(BootField.KERNEL, "/dev/zero", "--kernel '/dev/zero': a device, a pipe or a socket, not a file; write what comes of it to a"
        + " file first");
    assertFault(BootField.INITRD, missing, "--initrd '" + missing + "': no such file");
    assertFault(BootField.MODULE, "x", "--module 'x': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0");
    assertFault(BootField.MODULE, "x=" + missing + ",y", "--module '" + missing + "': no such file");
    assertFault(BootField.ADD_FILE, "x", "--add-file 'x': expected GUEST-PATH=FILE, for example /bin/bench=bench");
    assertFault(BootField.DOMU, missing, "--domu '" + missing + "': no such file");
    assertFault(BootField.NO_DOM0, BootForm.ON, "--no-dom0 leaves nothing to run: name domains with --domu");
    assertFault(BootField.DOM0_MEMORY, "0", "'0' is no possible amount of memory: expected for example 512M or 2G");
    assertFault(BootField.DOM0_VCPUS, "0", "--dom0-vcpus 0: expected 1 to 128");
    assertFault(BootField.PROFILE_PERIOD, "10", "--profile-period 10: expected at least 100 instructions");
    assertFault(BootField.ON_PANIC, "pray", "--on-panic 'pray': expected stop or continue");
    assertFault(BootField.REPLAY, missing, "--replay '" + missing + "': no such file");
    assertFault(BootField.LOAD, missing, "--load '" + missing + "': no snapshot made by --save: there is no such folder");
    assertFault(BootField.SAVE, folder.toString(), "--save '" + folder + "': it is there already; a snapshot is a new folder");
    assertFault(BootField.RECORD, missing + "/x", "--record '" + missing + "/x': there is no folder " + missing + "; make it first");
    form.set(BootField.KERNEL, folder.resolve("x").toString());
    form.set(BootField.KERNEL_ADDRESS, "12G");
    assertEquals("'12G' is no physical address: expected hexadecimal digits, for example 40080000",
        form.faults().get(BootField.KERNEL_ADDRESS));
  }

  private static void assertFault(BootField field, String value, String fault) {
    BootForm form = new BootForm();
    form.set(field, value);
    assertEquals(Map.of(field, fault), form.faults());
  }

  @Test
  void launchersMessageFindsItsField() {
    assertEquals(Optional.of(BootField.DISK), form.culprit("--disk 'x': 'y' is unknown; expected write"));
    assertEquals(Optional.of(BootField.PCIE), form.culprit("--pcie x: the PCI host bridge of y is what the file says"));
    assertEquals(Optional.of(BootField.PCI), form.culprit("--pci 1.0: no bundle serves x"));
    assertEquals(Optional.of(BootField.BOARD), form.culprit("board 'x': no such board or file"));
    assertEquals(Optional.of(BootField.MEMORY), form.culprit("x has no memory: say how much with --memory"));
    assertEquals(Optional.of(BootField.GUEST), form.culprit("guest debian: there is no network."));
    assertEquals(Optional.of(BootField.ENGINE), form.culprit("CPU engine x is not installed"));
    form.set(BootField.DOMU, "/tmp/one.cfg");
    assertEquals(Optional.of(BootField.DOMU), form.culprit("/tmp/one.cfg:3: memory: expected a number"));
    form.set(BootField.SET, "/pl031@9010000:epoch=x");
    assertEquals(Optional.of(BootField.SET), form.culprit("/pl031@9010000: no option [epoch]"));
    assertEquals(Optional.of(BootField.CONSOLE), form.culprit("console x: this machine has no hypervisor; boot with --hypervisor"));
    form.set(BootField.OPTION, "its=off\nkaslr-seed=never");
    assertEquals(Optional.of(BootField.OPTION), form.culprit("board virt: option 'kaslr-seed=never' can't be had; possible: none"));
    assertEquals(Optional.of(BootField.OPTION), form.culprit("--option its=off: x.dtb is not made to measure, it is what the file says"));
    assertEquals(Optional.of(BootField.GRANULES), form.culprit("--granules: expected one or more of 4k,16k,64k, got '8k'"));
    assertEquals(Optional.empty(), form.culprit("the moon is full"));
  }
}
