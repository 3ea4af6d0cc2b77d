// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.testkit.FullLane;
import org.xenolith.x64.arch.Core;

/**
 * The product's driver of AMD's IOMMUs, its model of one and its nested tables together: an endpoint that does what it is told reaches the memory of
 * the domain that has it, sends the messages that it was given, and nothing else.
 */
@FullLane
class AmdViIsolationTest {
  private static final String DRIVER = "org.xenolith.hyp.amdvi";
  private static final String MODEL = "org.xenolith.hw.amdvi";
  private static final long CONFIGURATION = 0xB000_0000L;
  private static final long MEMORY = 0xC000_0000L;
  private static final int FIRST = 0x08;
  private static final int SECOND = 0x10;
  private static final long GPA = 0x8000_0000L;
  private static final long PAGES = 16;
  /** What firmware has for the first function. */
  private static final long OWN = 0x9_F000L;
  private static final int READ = 1;
  private static final int WRITE = 2;

  private final InstalledProduct product = InstalledProduct.get();
  private final List<String> faults = new ArrayList<>();
  @TempDir
  Path folder;
  private Launch launch;
  private RamBus bus;
  private IommusPort iommu;
  private P2mPort p2m;
  private HostBridgePort bridge;
  private Domain one;
  private Domain two;

  /** A domain that runs, so that interrupts are taken, and two with some memory that have functions. */
  @BeforeEach
  void start() throws IOException {
    LaunchRequest request = RequestBuilder.of("pc-pvh").memory(256L << 20).noDom0(true)
        .domUs(List.of(DomainCycles.pcConfig(folder, "idle", 1, null))).boardOption("pcie", "ecam").boardOption("iommu", "amdvi")
        .option("pci", "1.0=rogue 2.0=rogue").settings(List.of("/pcie@b0000000/iommu@1f,0:unity=8@9f000+1000")).build();
    launch = product.service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    run();
    look();
    one = domain("one");
    two = domain("two");
    enable(FIRST);
    enable(SECOND);
  }

  private void look() {
    launch.machine().eventListener((kind, place, text) -> {
      if (kind.equals("iommu-fault") || kind.equals("iommu-error")) {
        faults.add(kind + ' ' + text);
      }
    });
    bus = port(DomainsPort.class).domains().processors().getFirst().as(Core.class).env.bus();
    iommu = port(IommusPort.class);
    p2m = port(P2mPort.class);
    bridge = port(HostBridgesPort.class).all().getFirst();
  }

  @AfterEach
  void end() throws IOException {
    launch.close();
    product.restore();
  }

  private <T> T port(Class<T> type) {
    return launch.machine().port(HypervisorNode.PATH, type);
  }

  private void run() {
    launch.machine().run(new RunLimit(launch.machine().now() + 1_000_000, Long.MAX_VALUE));
  }

  private Domain domain(String name) {
    Domain domain = port(DomainsPort.class).domains()
        .create(-1, new DomainSpec(name, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)), 1, 64, DomainSpec.Kind.DOMU, 31,
            256, 0));
    assertEquals(0, p2m.populate(domain, GPA >>> 12, PAGES));
    return domain;
  }

  /** BAR 0, memory and bus mastering. */
  private void enable(int rid) {
    bus.write(CONFIGURATION + (rid << 12) + 0x10, 4, bar(rid));
    bus.write(CONFIGURATION + (rid << 12) + 4, 2, 6);
    assertEquals(0x00f0_1b36L, bus.read(CONFIGURATION + (rid << 12), 4));
  }

  private static long bar(int rid) {
    return MEMORY + 0x1_0000L * rid;
  }

  private boolean access(int rid, int size, int command, long address, long value) {
    bus.write(bar(rid), 8, address);
    bus.write(bar(rid) + 8, 8, value);
    bus.write(bar(rid) + 0x10, 4, size << 8 | command);
    long status = bus.read(bar(rid) + 0x14, 4);
    assertTrue(status == 1 || status == 2, "status " + status);
    return status == 1;
  }

  private boolean write(int rid, long address, long value) {
    return access(rid, 8, WRITE, address, value);
  }

  private boolean refused(int rid, long address) {
    return !access(rid, 8, READ, address, 0);
  }

  /** What is at a domain's address. */
  private long content(Domain domain, long gpa) {
    long machine = p2m.translate(domain, gpa, false);
    Ram ram = bus.ram(machine);
    return ram.read((int) (machine - ram.base), 8);
  }

  private void attach(int rid, Domain domain) {
    assertEquals(0, iommu.attach(bridge, rid, domain));
  }

  /** What was reported since, by an interrupt that a CPU took. */
  private List<String> reported() {
    run();
    List<String> reported = List.copyOf(faults);
    faults.clear();
    return reported;
  }

  private String fault(Domain domain, String what) {
    return "iommu-fault stream 0x8, function 0000:00:01.0, of d" + domain.id() + " " + domain.name() + ": " + what;
  }

  @Test
  void aFunctionReachesItsDomainsMemoryAtItsDomainsAddresses() {
    assertEquals(List.of("/pcie@b0000000/iommu@1f,0"), iommu.nodes());
    assertTrue(iommu.covers(bridge, FIRST));
    attach(FIRST, one);
    attach(SECOND, two);
    assertTrue(write(FIRST, GPA + 0x1008, 0x1111));
    assertTrue(write(SECOND, GPA + 0x1008, 0x2222));
    assertEquals(0x1111, content(one, GPA + 0x1008));
    assertEquals(0x2222, content(two, GPA + 0x1008));
    assertEquals(List.of(), reported());
    assertTrue(refused(FIRST, GPA + (PAGES << 12)));
    long machine = p2m.translate(two, GPA, false);
    assertTrue(refused(FIRST, machine), "the other one's memory by its machine address");
    assertEquals(List.of(fault(one, "nothing is mapped there (IO_PAGE_FAULT), read of 0x" + Long.toHexString(GPA + (PAGES << 12))),
        fault(one, "nothing is mapped there (IO_PAGE_FAULT), read of 0x" + Long.toHexString(machine))), reported());
  }

  @Test
  void aFunctionThatNobodyHasReachesNothing() {
    assertFalse(write(FIRST, p2m.translate(one, GPA, true), 1));
    assertFalse(access(FIRST, 4, WRITE, 0xFEE0_0000L, 0x41), "nor a CPU");
    attach(SECOND, one);
    assertTrue(refused(FIRST, GPA));
    iommu.detach(bridge, SECOND);
    assertTrue(refused(SECOND, GPA));
    List<String> reported = reported();
    assertEquals(4, reported.size(), reported::toString);
    assertTrue(reported.stream().allMatch(line -> line.contains("of no domain: not attached (IO_PAGE_FAULT)")), reported::toString);
  }

  @Test
  void onlyMessagesThatWereGivenPass() {
    attach(FIRST, one);
    assertFalse(access(FIRST, 4, WRITE, 0xFEE0_0000L, 0xE9));
    assertEquals(List.of(fault(one, "not one of its messages (IO_PAGE_FAULT), a message to 0xfee00000")), reported());
    iommu.message(FIRST, 0xE9, true);
    assertTrue(access(FIRST, 4, WRITE, 0xFEE0_0000L, 0xE9));
    assertFalse(access(FIRST, 4, WRITE, 0xFEE0_0000L, 0xE8), "the next one");
    assertFalse(access(FIRST, 4, WRITE, 0xFEE0_0000L, 0x4E9), "an NMI");
    iommu.message(FIRST, 0xE9, false);
    assertFalse(access(FIRST, 4, WRITE, 0xFEE0_0000L, 0xE9));
    assertEquals(3, reported().size());
  }

  @Test
  void pagesThatMayOnlyBeReadAreNotWritten() {
    attach(FIRST, one);
    long frame = p2m.translate(one, GPA, true) >>> 12;
    assertEquals(0, p2m.map(one, (GPA >>> 12) + PAGES, frame, 1, PageType.RAM_READ_ONLY));
    assertFalse(refused(FIRST, GPA + (PAGES << 12)));
    assertFalse(write(FIRST, GPA + (PAGES << 12), 1));
    assertEquals(List.of(fault(one, "not permitted (IO_PAGE_FAULT), write to 0x" + Long.toHexString(GPA + (PAGES << 12)))), reported());
  }

  @Test
  void whatIsUnmappedIsOutOfReachAtOnce() {
    attach(FIRST, one);
    assertTrue(write(FIRST, GPA + 0x3000, 1));
    assertEquals(0, p2m.unmap(one, (GPA >>> 12) + 3, 1));
    assertTrue(refused(FIRST, GPA + 0x3000));
    assertTrue(write(FIRST, GPA + 0x2000, 1), "the page beside it");
    long elsewhere = p2m.translate(one, GPA + 0x2000, true) >>> 12;
    assertEquals(0, p2m.map(one, (GPA >>> 12) + 3, elsewhere, 1, PageType.RAM));
    assertTrue(write(FIRST, GPA + 0x3000, 0x77));
    assertEquals(0x77, content(one, GPA + 0x2000));
  }

  @Test
  void aFunctionThatGoesToAnotherDomainSeesOnlyThatOnes() {
    attach(FIRST, one);
    assertTrue(write(FIRST, GPA, 0x1111));
    attach(FIRST, two);
    assertTrue(write(FIRST, GPA, 0x2222));
    assertEquals(0x1111, content(one, GPA));
    assertEquals(0x2222, content(two, GPA));
    port(DomainsPort.class).domains().destroy(two);
    assertTrue(refused(FIRST, GPA));
    assertTrue(reported().getLast().contains("of no domain"));
  }

  /** What firmware has for a device is reached at its own address, by the device's domain, as long as it has the device. */
  @Test
  void removingADeviceRemovesItsMapping() {
    long gfn = OWN >>> 12;
    attach(SECOND, one);
    assertTrue(refused(SECOND, OWN));
    attach(FIRST, one);
    assertEquals(PageType.DEVICE, p2m.type(one, gfn));
    assertTrue(write(FIRST, OWN + 0x18, 0x1122_3344L));
    assertEquals(0x1122_3344L, bus.read(OWN + 0x18, 8), "the machine's memory there");
    assertFalse(refused(SECOND, OWN), "its domain's other function has the same tables");
    attach(FIRST, two);
    assertEquals(PageType.NONE, p2m.type(one, gfn));
    assertTrue(refused(SECOND, OWN), "gone with the device, at once");
    assertFalse(refused(FIRST, OWN));
    iommu.detach(bridge, FIRST);
    assertTrue(refused(FIRST, OWN));
    attach(SECOND, two);
    assertTrue(refused(SECOND, OWN));
  }

  @Test
  void replacementsOfDriverAndModelShowNothing() throws IOException {
    attach(FIRST, one);
    for (int i = 1; i <= 3; i++) {
      for (String bundle : List.of(DRIVER, MODEL)) {
        assertTrue(product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + i))).done());
        assertTrue(write(FIRST, GPA + 8 * i, i), bundle);
        assertEquals(0, p2m.unmap(one, (GPA >>> 12) + 2 + i, 1));
        assertTrue(refused(FIRST, GPA + 0x2000 + 0x1000 * i), bundle);
        assertTrue(reported().getFirst().contains("of d" + one.id() + " one"), bundle);
        assertEquals(0, p2m.populate(one, (GPA >>> 12) + 2 + i, 1));
        assertTrue(write(FIRST, GPA + 0x2000 + 0x1000 * i, i), bundle);
      }
    }
    assertTrue(product.change().remove(MODEL).done());
    assertFalse(write(FIRST, GPA, 1), "nothing passes");
    assertFalse(iommu.covers(bridge, FIRST));
    assertEquals(0, p2m.unmap(one, GPA >>> 12, 1));
    product.restore();
    assertTrue(refused(FIRST, GPA), "unmapped meanwhile");
    assertTrue(write(FIRST, GPA + 0x1000, 1));
    assertNull(launch.machine().events().get("model-failed"));
  }

  /** Nobody would tell the IOMMU what a domain loses: then its functions reach nothing. */
  @Test
  void withoutADriverNothingPasses() throws IOException {
    attach(FIRST, one);
    iommu.message(FIRST, 0xE9, true);
    assertTrue(write(FIRST, GPA + 0x10, 0x10));
    assertTrue(product.change().remove(DRIVER).done());
    assertTrue(refused(FIRST, GPA + 0x10));
    assertEquals(0, p2m.unmap(one, GPA >>> 12, 1));
    product.restore();
    assertTrue(refused(FIRST, GPA), "it forgot what was unmapped");
    assertTrue(write(FIRST, GPA + 0x1010, 0x10), "what is still mapped is reached again");
    assertTrue(access(FIRST, 4, WRITE, 0xFEE0_0000L, 0xE9), "its messages, too");
  }

  /** Registers, tables and what is attached are in the snapshot; what the IOMMU kept is not. */
  @Test
  void aSnapshotGoesOn() throws IOException {
    attach(FIRST, one);
    assertTrue(write(FIRST, GPA + 0x10, 0x10));
    Path saved = folder.resolve("saved");
    launch.save(saved);
    launch.close();
    launch = product.service(Launcher.class).launch(RequestBuilder.ofSnapshot(saved).build(), line -> {}, (kind, place, text) -> {});
    look();
    one = port(DomainsPort.class).domains().all().stream().filter(d -> d.name().equals("one")).findFirst().orElseThrow();
    assertEquals(0x10, content(one, GPA + 0x10));
    assertTrue(write(FIRST, GPA + 0x10, 0x20));
    assertEquals(0x20, content(one, GPA + 0x10));
    assertEquals(0, p2m.unmap(one, GPA >>> 12, 1));
    assertTrue(refused(FIRST, GPA));
    assertEquals(List.of(fault(one, "nothing is mapped there (IO_PAGE_FAULT), read of 0x" + Long.toHexString(GPA))), reported());
  }
}
