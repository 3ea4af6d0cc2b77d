// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Xenv;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.hyp.api.Domain;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;
import org.xenolith.xen.abi.AddToPhysmap;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.GrantOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.XenolithGrantStart;
import org.xenolith.xen.abi.XenolithNotificationIrq;
import org.xenolith.xen.abi.XenolithQuery;

/** Guests ask for their room for grant frames and their event interrupt, and hear what else tells them. */
class DomainQueriesTest {
  private static final long EPERM = -1;
  private static final long ENOSYS = -38;
  private static final int ENTRIES = 36;
  private static final int ROUNDS = 10;

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private RequestBuilder request(String... settings) throws IOException {
    Path kernel = Files.write(folder.resolve("caller"), CallingKernel.image());
    return RequestBuilder.of("virt").memory(256L << 20).kernel(kernel).hypervisor(true).settings(Stream.of(settings)
        .map(each -> "/xenolith-hypervisor:" + each).toList());
  }

  private Path guest(String name, String more) throws IOException {
    return Files.writeString(folder.resolve(name + ".cfg"), "name = \"%s\"\nkernel = \"%s\"\nmemory = 16\n%s".formatted(name, folder
        .resolve("caller"), more));
  }

  /** What a domain is told, as addresses and numbers; or the errors. */
  private record Told(long grants, long size, long interrupt, long flags) {
    static Told unknown() {
      return new Told(ENOSYS, ENOSYS, ENOSYS, ENOSYS);
    }
  }

  private static Told ask(CallingKernel kernel, int domid) {
    kernel.write(0, ByteBuffer.allocate(XenolithGrantStart.SIZE).order(ByteOrder.LITTLE_ENDIAN).putShort((short) domid).array());
    long grants = kernel.call(HypercallNumber.__HYPERVISOR_grant_table_op, XenolithQuery.XENOLITH_GNTTABOP_get_start_addr, kernel.at(0), 1);
    ByteBuffer region = ByteBuffer.wrap(kernel.read(0, XenolithGrantStart.SIZE)).order(ByteOrder.LITTLE_ENDIAN);
    kernel.write(0, ByteBuffer.allocate(XenolithNotificationIrq.SIZE).order(ByteOrder.LITTLE_ENDIAN).putShort((short) domid).array());
    long events = kernel.call(HypercallNumber.__HYPERVISOR_event_channel_op, XenolithQuery.XENOLITH_EVTCHNOP_get_notification_irq,
        kernel.at(0));
    ByteBuffer interrupt = ByteBuffer.wrap(kernel.read(0, XenolithNotificationIrq.SIZE)).order(ByteOrder.LITTLE_ENDIAN);
    return new Told(grants != 0 ? grants : region.getLong(XenolithGrantStart.START_ADDR),
        grants != 0 ? grants : region.getLong(XenolithGrantStart.REGION_SIZE),
        events != 0 ? events : interrupt.getInt(XenolithNotificationIrq.IRQ),
        events != 0 ? events : interrupt.getInt(XenolithNotificationIrq.FLAGS));
  }

  private static byte[] bytes(Domain domain, long address, int length) {
    byte[] bytes = new byte[length];
    assertTrue(domain.memory().read(address, bytes, 0, length), Long.toHexString(address));
    return bytes;
  }

  /** The tree that a domain which has executed nothing but a kernel's first instructions has in x0. */
  private static Fdt tree(Domain domain) {
    long at = domain.vcpu(0).x(0);
    return FdtReader.read(bytes(domain, at, Integer.reverseBytes(domain.memory().read32(at + 4))));
  }

  private static Told told(Fdt tree) {
    FdtNode node = tree.node("/hypervisor").orElseThrow();
    FdtProperty reg = node.property("reg").orElseThrow();
    FdtProperty interrupt = node.property("interrupts").orElseThrow();
    assertEquals(1, interrupt.cell(0), "a private interrupt");
    return new Told(reg.number(0, 2), reg.number(2, 2), 16 + interrupt.cell(1), (interrupt.cell(2) & 0xf) == 8
        ? XenolithQuery.XENOLITH_IRQ_ACTIVE_LOW : -1);
  }

  private static Told xenv(Domain domain, Fdt tree) {
    long system = tree.node("/hypervisor/uefi").orElseThrow().property("xen,uefi-system-table").orElseThrow().u64();
    long rsdp = domain.memory().read64(domain.memory().read64(system + 112) + 16);
    long xsdt = domain.memory().read64(rsdp + 24);
    for (long entry = xsdt + ENTRIES; entry < xsdt + domain.memory().read32(xsdt + 4); entry += 8) {
      long at = domain.memory().read64(entry);
      AcpiTable table = AcpiTable.read(bytes(domain, at, domain.memory().read32(at + 4)));
      if (table.signature().equals("XENV")) {
        return new Told(table.structure().get(Xenv.Field.GRANT_TABLE_ADDRESS), table.structure().get(Xenv.Field.GRANT_TABLE_SIZE),
            table.structure().get(Xenv.Field.EVENT_CHANNEL_INTERRUPT), table.structure().get(Xenv.Field.EVENT_CHANNEL_INTERRUPT_FLAGS));
      }
    }
    throw new AssertionError("no XENV");
  }

  /** Its first grant frame goes to the room that it was told, where nothing was. */
  private static void mapsGrants(Domain domain, CallingKernel kernel, Told told) {
    byte[] one = new byte[1];
    assertTrue(!domain.memory().read(told.grants, one, 0, 1) && !domain.memory().read(told.grants + told.size - 1, one, 0, 1));
    kernel.write(0, ByteBuffer.allocate(AddToPhysmap.SIZE).order(ByteOrder.LITTLE_ENDIAN).putShort((short) DomainId.DOMID_SELF)
        .putInt(AddToPhysmap.SPACE, MemoryOp.XENMAPSPACE_grant_table).putLong(AddToPhysmap.GPFN, told.grants >>> 12).array());
    assertEquals(0, kernel.call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_add_to_physmap, kernel.at(0)));
    assertTrue(domain.memory().read(told.grants, one, 0, 1));
  }

  @Test
  void domainsByDeviceTreeHearWhatTheirTreesSay() throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request().domUs(List.of(guest("guest", ""), guest("described", "acpi = 1\n")))
        .build())) {
      for (String name : List.of("Domain-0", "guest")) {
        Domain domain = guest.domain(name);
        CallingKernel kernel = new CallingKernel(guest.machine(), domain);
        Told said = told(tree(domain));
        assertEquals(said, ask(kernel, DomainId.DOMID_SELF), name);
        assertEquals(said, ask(kernel, domain.id()), name);
        mapsGrants(domain, kernel, said);
      }
      Domain described = guest.domain("described");
      CallingKernel kernel = new CallingKernel(guest.machine(), described);
      Told usual = new Told(0x3800_0000L, 0x100_0000, 31, XenolithQuery.XENOLITH_IRQ_ACTIVE_LOW);
      assertEquals(usual, ask(kernel, DomainId.DOMID_SELF), "a guest by ACPI, whose tables tell neither");
      mapsGrants(described, kernel, usual);
      assertEquals(new Told(EPERM, EPERM, EPERM, EPERM), ask(kernel, 0), "a guest may not ask of Dom0");
      assertEquals(usual, ask(new CallingKernel(guest.machine(), guest.domain("Domain-0")), described.id()), "Dom0 may ask of it");
    }
  }

  @Test
  @FullLane
  void aDom0ByAcpiHearsWhatXenvSays() throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request("acpi-xenv=true").option("firmware", "acpi").build())) {
      Domain dom0 = guest.domain("Domain-0");
      CallingKernel kernel = new CallingKernel(guest.machine(), dom0);
      Told said = xenv(dom0, tree(dom0));
      assertTrue(tree(dom0).node("/hypervisor").orElseThrow().property("reg").isEmpty(), "its tree doesn't tell");
      assertEquals(said, ask(kernel, DomainId.DOMID_SELF));
      mapsGrants(dom0, kernel, said);
    }
  }

  @Test
  @FullLane
  void strictXenKnowsNeither() throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request("strict-xen=true").build())) {
      assertEquals(Told.unknown(), ask(new CallingKernel(guest.machine(), guest.domain("Domain-0")), DomainId.DOMID_SELF));
    }
  }

  private void change(Change done) {
    assertTrue(done.done(), done::toString);
  }

  private byte[] jar(String name) throws IOException {
    return product.jar("org.xenolith." + name);
  }

  /** A call waits for no replacement, and nothing of it is lost: room and interrupt are the domain's. */
  @Test
  void replacementsChangeNoAnswerAndARemovedBundleIsAnUnknownCall() throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request().build())) {
      CallingKernel kernel = new CallingKernel(guest.machine(), guest.domain("Domain-0"));
      Told said = ask(kernel, DomainId.DOMID_SELF);
      List<String> bundles = List.of("hyp.queries", "hyp.grant", "hyp.evtchn", "hyp.build.arm.dt", "hyp.arm");
      for (int i = 0; i < ROUNDS; i++) {
        String name = bundles.get(i % bundles.size());
        change(product.change().replace("org.xenolith." + name, new ByteArrayInputStream(jar(name))));
        assertEquals(said, ask(new CallingKernel(guest.machine(), guest.domain("Domain-0")), DomainId.DOMID_SELF), name);
      }
      change(product.change().remove("org.xenolith.hyp.queries"));
      kernel = new CallingKernel(guest.machine(), guest.domain("Domain-0"));
      assertEquals(Told.unknown(), ask(kernel, DomainId.DOMID_SELF));
      kernel.write(0, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putShort((short) DomainId.DOMID_SELF).array());
      assertEquals(0, kernel.call(HypercallNumber.__HYPERVISOR_grant_table_op, GrantOp.GNTTABOP_query_size, kernel.at(0), 1));
      assertTrue(kernel.call(HypercallNumber.__HYPERVISOR_event_channel_op, EventChannelOp.EVTCHNOP_status, kernel.at(0)) != ENOSYS);
      change(product.change().add(new ByteArrayInputStream(jar("hyp.queries"))));
      assertEquals(said, ask(kernel, DomainId.DOMID_SELF));
      change(product.change().remove("org.xenolith.hyp.grant"));
      assertEquals(new Told(ENOSYS, ENOSYS, said.interrupt, said.flags), ask(kernel, DomainId.DOMID_SELF));
    }
  }

  @Test
  void aSnapshotKeepsWhatABuilderHasTold() throws IOException {
    Told said;
    try (HypervisorGuest guest = HypervisorGuest.launch(request().option("firmware", "acpi").build())) {
      said = ask(new CallingKernel(guest.machine(), guest.domain("Domain-0")), DomainId.DOMID_SELF);
      guest.save(folder.resolve("snapshot"));
    }
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(folder.resolve("snapshot")).build())) {
      assertEquals(said, ask(new CallingKernel(guest.machine(), guest.domain("Domain-0")), DomainId.DOMID_SELF));
    }
  }
}
