package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

class BootFormTest {
  private final BootForm form = new BootForm();

  @TempDir Path folder;

  @Test void whatIsLeftEmptyIsNotAskedFor() {
    form.set(BootField.GUEST, "debian");
    assertEquals(Map.of(), form.faults());
    LaunchRequest request = form.wish().request();
    assertEquals("virt", request.board());
    assertEquals(Optional.of("debian"), request.guest());
    assertTrue(request.cpus().isEmpty() && request.memory().isEmpty() && request.gic().isEmpty() && request.kernel().isEmpty());
    assertTrue(request.disks().isEmpty() && request.options().isEmpty() && request.domUs().isEmpty() && !request.hypervisor());
    assertTrue(request.shell());
    assertEquals(Optional.empty(), form.wish().save());
  }

  @Test void everyFieldComesIntoTheRequest() throws Exception {
    String file = Files.createFile(folder.resolve("a file")).toString();
    Map<BootField, String> values = Map.ofEntries(Map.entry(BootField.BOARD, "board"), Map.entry(BootField.CPUS, "4"),
        Map.entry(BootField.MEMORY, "2G"), Map.entry(BootField.GIC, "3"), Map.entry(BootField.EL2, BootForm.ON),
        Map.entry(BootField.ENGINE, "interpreter"), Map.entry(BootField.SET, "/a:b=c\n/d:e=f"), Map.entry(BootField.KERNEL, file),
        Map.entry(BootField.INITRD, file), Map.entry(BootField.APPEND, "quiet x"), Map.entry(BootField.MODULE, "kernel=" + file + ",x"),
        Map.entry(BootField.ADD_FILE, "/bin/x=" + file), Map.entry(BootField.PACKAGE, "one  two"),
        Map.entry(BootField.DISK, file + ",write\n\n" + file), Map.entry(BootField.NIC, ",\nmac=52:54:00:12:34:56"),
        Map.entry(BootField.PCI, "1.0=root-port\n1.0/0.0=nvme"), Map.entry(BootField.PCIE, "dw"), Map.entry(BootField.IOMMU, "smmuv3"),
        Map.entry(BootField.HYPERVISOR, BootForm.ON), Map.entry(BootField.DOMU, file), Map.entry(BootField.NO_DOM0, BootForm.ON),
        Map.entry(BootField.DOM0_MEMORY, "256M"), Map.entry(BootField.DOM0_VCPUS, "2"),
        Map.entry(BootField.SAVE, folder.resolve("new").toString()), Map.entry(BootField.RECORD, folder.resolve("journal").toString()));
    values.forEach(form::set);
    assertEquals(Map.of(), form.faults());
    BootWish wish = form.wish();
    LaunchRequest request = wish.request();
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
        "dom0-memory", Long.toString(256L << 20), "dom0-vcpus", "2"), request.options());
    assertEquals(Optional.of(folder.resolve("new")), wish.save());
    assertEquals(Optional.of(folder.resolve("journal")), wish.record());
    Set<BootField> other = new java.util.TreeSet<>(Set.of(BootField.values()));
    other.removeAll(values.keySet());
    assertEquals(Set.of(BootField.GUEST, BootField.LOAD), other, "fields that this test leaves out");
  }

  @Test void snapshotDecidesWhatItHasDecided() {
    form.set(BootField.LOAD, folder.toString());
    form.set(BootField.CPUS, "many"); // nobody asks
    assertEquals(Map.of(), form.faults());
    assertEquals(Optional.of(folder), form.wish().request().load());
    assertTrue(form.wish().request().cpus().isEmpty());
  }

  @Test void whatCantBeIsSaidAtItsField() {
    String missing = folder.resolve("missing").toString();
    assertFault(BootField.BOARD, "", "Name a board, or a .dtb or .platform file.");
    assertFault(BootField.CPUS, "9", "Expected 1 to 8.");
    assertFault(BootField.MEMORY, "much", "'much' is no possible amount of memory: expected for example 512M or 2G.");
    assertFault(BootField.GIC, "4", "Expected 2 or 3.");
    assertFault(BootField.SET, "nothing", "'nothing': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0.");
    assertFault(BootField.KERNEL, folder.toString(), "'" + folder + "' is a folder, not a file.");
    assertFault(BootField.INITRD, missing, "There is no file '" + missing + "'.");
    assertFault(BootField.DISK, missing + ",write", "There is no file '" + missing + "'.");
    assertFault(BootField.MODULE, "x", "'x': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0.");
    assertFault(BootField.ADD_FILE, "x", "'x': expected GUEST-PATH=FILE, for example /bin/bench=bench.");
    assertFault(BootField.DOMU, missing, "There is no file '" + missing + "'.");
    assertFault(BootField.NO_DOM0, BootForm.ON, "Without Dom0 there is nothing to run: name the files of domains.");
    assertFault(BootField.DOM0_MEMORY, "0", "'0' is no possible amount of memory: expected for example 512M or 2G.");
    assertFault(BootField.DOM0_VCPUS, "0", "Expected 1 to 128.");
    assertFault(BootField.LOAD, missing, "There is no folder '" + missing + "'.");
    assertFault(BootField.SAVE, folder.toString(), "'" + folder + "' is there already: a snapshot is a new folder.");
    assertFault(BootField.RECORD, missing + "/x", "There is no folder " + missing + "; make it first.");
  }

  private static void assertFault(BootField field, String value, String fault) {
    BootForm form = new BootForm();
    form.set(field, value);
    assertEquals(Map.of(field, fault), form.faults());
  }

  @Test void launchersMessageFindsItsField() {
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
    assertEquals(Optional.empty(), form.culprit("the moon is full"));
  }
}
