// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DeviceMessages.Its;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.RegisterWords;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic.Injection;
import org.xenolith.testkit.hyp.FakeVirtualGic.LpiOrder;
import org.xenolith.xen.abi.XenErrno;

class VirtualItsTest {
  private static final long ITS = 0x0808_0000L;
  private static final long QUEUE = FakeHypervisor.GUEST_RAM + 0x1_0000;
  private static final long VALID = 1L << 63;
  private static final int DEVICE = 0x108;
  private static final int GUEST_DEVICE = 8;
  private static final int LPI = 8192;
  private static final PlatformNode NODE = FakeNode.at("/intc/its").compatible("arm,gic-v3-its").window(SmallIts.BASE, 0x2_0000)
      .cells("phandle", 7).build();

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final SmallIts hardware = new SmallIts(hypervisor.machine());
  private final DeviceMessagesPort port = hypervisor.port(DeviceMessagesPort.class);
  private final DeviceModelFactory factory = new DeviceModelFactory() {
    @Override
    public ModelDescription description() {
      return ItsComponent.DESCRIPTION;
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      FakeContext fake = ((FakeContext) context).beside(NODE);
      fake.cpus().getFirst().platformObject(hardware.cpu);
      fake.physical(cpu -> hardware.cpu.env.bus());
      return new ItsModel(context);
    }
  };
  private DeviceModel model;
  private FakeDomain domain;
  private long next;

  @BeforeEach
  void start() {
    model = hypervisor.install("its", factory);
    domain = hypervisor.domU(3, 2);
  }

  private void write(long offset, int size, long value) {
    hypervisor.port(GuestTrapsPort.class).window(domain, ITS + offset).handler().write(domain.vcpu(0), ITS + offset, size, value);
  }

  private long read(long offset, int size) {
    return hypervisor.port(GuestTrapsPort.class).window(domain, ITS + offset).handler().read(domain.vcpu(0), ITS + offset, size);
  }

  /** As the kernel's driver brings its ITS up. */
  private void bringUp() {
    assertEquals(new Its(new AddressWindow(ITS, 0x2_0000)), port.its(domain));
    assertEquals(0, port.give(DEVICE, domain, GUEST_DEVICE));
    write(0x100, 8, VALID | FakeHypervisor.GUEST_RAM | 1 << 10);
    write(0x108, 8, VALID | FakeHypervisor.GUEST_RAM | 1 << 10);
    write(0x80, 8, VALID | QUEUE | 1 << 10 | 3);
    write(0x88, 8, 0);
    write(0, 4, 1);
    next = 0;
    run(ItsCommand.mapCollection(0, 0), ItsCommand.mapCollection(1, 1),
        ItsCommand.mapDevice(GUEST_DEVICE, 5, FakeHypervisor.GUEST_RAM));
  }

  private void queue(ItsCommand command) {
    long[] words = {command.word0(), command.word1(), command.word2(), command.word3()};
    for (long word : words) {
      domain.memory().write64(QUEUE + next, word);
      next = (next + 8) % 0x4000;
    }
  }

  private void run(ItsCommand... commands) {
    for (ItsCommand command : commands) {
      queue(command);
    }
    write(0x88, 8, next);
    assertEquals(next, read(0x90, 8));
  }

  /** A device writes the doorbell; the machine's LPI is served. */
  private void message(int device, int event) {
    int lpi = hardware.message(device, event);
    if (lpi != 0) {
      hypervisor.port(VirtualGicPort.class).serveHostLpi(hardware.cpu, lpi);
    }
  }

  private void expect(Injection... injections) {
    assertEquals(List.of(injections), hypervisor.gic().injections());
    hypervisor.gic().injections().clear();
  }

  private void expectEvent(String part) {
    assertTrue(hypervisor.context("its").reportedEvents().stream().anyMatch(e -> e.text().contains(part)),
        () -> hypervisor.context("its").reportedEvents().toString());
  }

  @Test
  void whoLooksIsShownWhatTheGuestReads() {
    bringUp();
    Map<String, Long> shown = new HashMap<>();
    model.state().visitRegisters((window, register, value, stored) -> {
      assertNotEquals(RegisterWords.UNSAID, register.words(), register::name);
      assertTrue(window.endsWith("/control"), window);
      assertEquals(read(register.spec().offset(), register.spec().size()), value, register::name);
      shown.put(register.name(), value);
    });
    assertEquals(Set.of("GITS_CTLR", "GITS_IIDR", "GITS_TYPER", "GITS_CBASER", "GITS_CWRITER", "GITS_CREADR", "GITS_PIDR2", "GITS_BASER0",
        "GITS_BASER1"), shown.keySet());
    assertEquals(0x8000_0001L, shown.get("GITS_CTLR"));
    assertEquals(next, shown.get("GITS_CREADR"));
    assertEquals(Set.of(), Set.copyOf(FieldText.beside(DomainItsRegisters.class).unknown(List.copyOf(shown.keySet()))));
  }

  @Test
  void nothingIsDrivenBeforeADomainWantsIt() {
    assertEquals(0, hardware.control);
    assertNull(port.facts(domain));
    assertNull(hypervisor.port(GuestTrapsPort.class).window(domain, ITS));
    assertEquals(-XenErrno.XEN_ENODEV, port.give(DEVICE, domain, GUEST_DEVICE));
    port.its(domain);
    assertEquals(1, hardware.control);
    assertEquals(List.of((Domain) domain), hypervisor.gic().lpiDomains());
    assertEquals(port.its(domain), port.facts(domain));
  }

  @Test
  void theTranslationFrameIsTheMachines() {
    port.its(domain);
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(domain, ITS + 0x1_0000 >>> 12));
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(domain, ITS + 0x1_F000 >>> 12));
    assertNull(hypervisor.port(GuestTrapsPort.class).window(domain, ITS + 0x1_0040));
    FakeDomain dom0 = hypervisor.dom0(1);
    assertEquals(SmallIts.BASE, port.its(dom0).registers().base());
  }

  @Test
  void aMessageBecomesTheDomainsLpiAtTheCollectionsCpu() {
    bringUp();
    assertEquals(5, hardware.devices.get(DEVICE));
    run(ItsCommand.mapEvent(GUEST_DEVICE, 2, LPI + 40, 1), ItsCommand.sync(1));
    message(DEVICE, 2);
    expect(new Injection(domain.vcpu(1), LPI + 40));
    message(DEVICE, 3);
    message(DEVICE + 1, 2);
    expect();
    run(ItsCommand.moveEvent(GUEST_DEVICE, 2, 0));
    assertEquals(List.of(new LpiOrder("move", 0, LPI + 40)), hypervisor.gic().lpiOrders());
    message(DEVICE, 2);
    expect(new Injection(domain.vcpu(0), LPI + 40));
    run(new ItsCommand((long) GUEST_DEVICE << 32 | ItsCommand.INT, 2, 0, 0));
    expect(new Injection(domain.vcpu(0), LPI + 40));
    write(0, 4, 0);
    message(DEVICE, 2);
    expect();
  }

  @Test
  void configurationCommandsReachTheInterruptController() {
    bringUp();
    run(ItsCommand.mapEvent(GUEST_DEVICE, 0, LPI, 0), ItsCommand.event(ItsCommand.INV, GUEST_DEVICE, 0),
        new ItsCommand(ItsCommand.INVALL, 0, 1, 0), ItsCommand.event(ItsCommand.CLEAR, GUEST_DEVICE, 0),
        new ItsCommand(ItsCommand.MOVALL, 0, 0, 1 << 16), ItsCommand.event(ItsCommand.DISCARD, GUEST_DEVICE, 0));
    assertEquals(List.of(new LpiOrder("reload", -1, LPI), new LpiOrder("reload", 1, -1), new LpiOrder("clear", -1, LPI),
        new LpiOrder("move", 1, -1), new LpiOrder("clear", -1, LPI)), hypervisor.gic().lpiOrders());
    assertTrue(hardware.events.isEmpty());
  }

  @Test
  void registersAreAsTheDriverExpects() {
    port.its(domain);
    assertEquals(0x8000_0000L, read(0, 4));
    assertEquals(0x17_0001_EA71L, read(8, 8));
    assertEquals(0x30, read(0xFFE8, 4));
    write(0x100, 8, VALID | 1L << 62 | FakeHypervisor.GUEST_RAM | 0x400 | 2 << 8 | 7);
    assertEquals(VALID | 1L << 62 | 0x0107L << 48 | FakeHypervisor.GUEST_RAM | 0x607, read(0x100, 8));
    write(0x80, 4, 0x4001_0003L);
    write(0x84, 4, 0x8000_0000L);
    assertEquals(VALID | 0x4001_0003L, read(0x80, 8));
    write(0, 4, 1);
    write(0x100, 8, 0);
    assertNotEquals(0, read(0x100, 8) & VALID);
  }

  @Test
  void commandsThatCannotBeArePassedOver() {
    bringUp();
    run(ItsCommand.mapDevice(99, 5, 0), new ItsCommand(0x77, 0, 0, 0), ItsCommand.mapEvent(GUEST_DEVICE, 32, LPI, 0),
        ItsCommand.mapEvent(GUEST_DEVICE, 0, 5, 0), ItsCommand.mapDevice(GUEST_DEVICE, 12, 0), ItsCommand.mapCollection(0, 2),
        ItsCommand.event(ItsCommand.DISCARD, GUEST_DEVICE, 4), ItsCommand.mapEvent(GUEST_DEVICE, 0, LPI, 1000),
        ItsCommand.mapEvent(GUEST_DEVICE, 1, LPI, 0));
    expectEvent("the domain has no such device");
    expectEvent("there is no such command");
    expectEvent("beyond the device's table");
    expectEvent("5 is no LPI");
    expectEvent("an EventID has 11 bits");
    expectEvent("there is no processor 2");
    expectEvent("isn't mapped");
    expectEvent("there is no collection 1000");
    message(DEVICE, 1);
    expect(new Injection(domain.vcpu(0), LPI));
  }

  @Test
  void aQueueWhereThereIsNoMemoryStallsUntilItIsTriedAgain() {
    port.its(domain);
    write(0x80, 8, VALID | 0x7_0000_0000L);
    write(0, 4, 1);
    write(0x88, 8, 0x40);
    assertEquals(1, read(0x90, 8));
    expectEvent("stalled");
    write(0x88, 8, 0x41);
    assertEquals(1, read(0x90, 8));
  }

  @Test
  void aLongQueueIsExecutedInParts() {
    bringUp();
    for (int i = 0; i < 400; i++) {
      queue(ItsCommand.sync(0));
    }
    write(0x88, 8, next);
    assertNotEquals(next, read(0x90, 8));
    assertEquals(0, read(0, 4) & 0x8000_0000L);
    hypervisor.clock().advance(10_000);
    assertEquals(next, read(0x90, 8));
    assertEquals(0x8000_0001L, read(0, 4));
  }

  @Test
  void aDeviceThatIsTakenRaisesNothing() {
    bringUp();
    run(ItsCommand.mapEvent(GUEST_DEVICE, 0, LPI, 0));
    FakeDomain other = hypervisor.domU(4, 1);
    port.its(other);
    assertEquals(-XenErrno.XEN_EEXIST, port.give(DEVICE + 1, domain, GUEST_DEVICE));
    assertEquals(0, port.give(DEVICE, other, 0));
    assertTrue(hardware.devices.isEmpty());
    assertTrue(hardware.events.isEmpty());
    message(DEVICE, 0);
    expect();
    run(ItsCommand.mapDevice(GUEST_DEVICE, 5, 0));
    expectEvent("the domain has no such device");
    port.take(DEVICE);
    port.take(DEVICE);
  }

  @Test
  void aDestroyedDomainLeavesNothing() {
    port.its(domain);
    FakeDomain other = hypervisor.domU(4, 1);
    FrameHeap heap = hypervisor.port(FrameHeapPort.class);
    long before = heap.count(FrameHeap.HYPERVISOR);
    hypervisor.destroy(other);
    long less = before - heap.count(FrameHeap.HYPERVISOR);
    other = hypervisor.domU(5, 1);
    FakeDomain first = domain;
    domain = other;
    bringUp();
    run(ItsCommand.mapEvent(GUEST_DEVICE, 0, LPI, 0));
    assertTrue(heap.count(FrameHeap.HYPERVISOR) > before);
    domain = first;
    hypervisor.destroy(other);
    assertEquals(before - less, heap.count(FrameHeap.HYPERVISOR));
    assertTrue(hardware.devices.isEmpty());
    assertTrue(hardware.events.isEmpty());
  }

  @Test
  void aHandOverUnderLoadLosesNothing() {
    bringUp();
    run(ItsCommand.mapEvent(GUEST_DEVICE, 2, LPI + 40, 1));
    for (int i = 0; i < 400; i++) {
      queue(ItsCommand.sync(0));
    }
    queue(ItsCommand.mapEvent(GUEST_DEVICE, 3, LPI + 41, 0));
    write(0x88, 8, next);
    int commands = hardware.commands;
    hypervisor.replace("its", factory);
    assertEquals(commands, hardware.commands);
    message(DEVICE, 2);
    expect(new Injection(domain.vcpu(1), LPI + 40));
    hypervisor.clock().advance(10_000);
    assertEquals(next, read(0x90, 8));
    message(DEVICE, 3);
    expect(new Injection(domain.vcpu(0), LPI + 41));
    assertEquals(2, hardware.events.values().stream().map(SmallIts.Event::lpi).distinct().count());
  }

  @Test
  void aRemovedOneRaisesNothingAndGoesOnFromItsRecord() {
    bringUp();
    run(ItsCommand.mapEvent(GUEST_DEVICE, 2, LPI, 0));
    FakeDomain other = hypervisor.domU(4, 1);
    port.its(other);
    port.give(DEVICE + 1, other, 0);
    StateRecord record = hypervisor.remove("its");
    message(DEVICE, 2);
    expect();
    assertNull(port.facts(domain));
    hypervisor.destroy(other);
    hypervisor.bringBack("its", factory, record);
    message(DEVICE, 2);
    expect(new Injection(domain.vcpu(0), LPI));
    assertEquals(0, port.give(DEVICE + 1, domain, 9));
  }

  @Test
  void guestsChoicesNeverThrow() {
    bringUp();
    Random random = new Random(0x175);
    for (int i = 0; i < 20_000; i++) {
      int[] operations = {1, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 0x77};
      long device = random.nextInt(8) == 0 ? random.nextInt() : GUEST_DEVICE;
      long word1 = random.nextInt(4) == 0 ? random.nextLong() : (long) (LPI + random.nextInt(64)) << 32 | random.nextInt(40);
      long word2 = random.nextInt(4) == 0 ? random.nextLong() : (long) random.nextInt(3) << 16 | random.nextInt(3)
          | (random.nextInt(3) == 0 ? 0 : VALID);
      queue(new ItsCommand(device << 32 | operations[random.nextInt(operations.length)], word1, word2, random.nextLong()));
      if (random.nextInt(8) == 0) {
        write(0x88, 8, next);
      }
      if (random.nextInt(64) == 0) {
        int size = 1 << random.nextInt(4);
        long offset = (random.nextBoolean() ? random.nextInt(0x200) : random.nextInt(0x1_0000)) & -size;
        read(offset, size);
        write(offset, size, random.nextInt(4) == 0 ? random.nextLong() : VALID | QUEUE | random.nextInt(0x200));
      }
      message(DEVICE, random.nextInt(40));
      if (random.nextInt(200) == 0) {
        hypervisor.replace("its", factory);
      }
      if (random.nextInt(100) == 0) {
        port.give(DEVICE, domain, GUEST_DEVICE);
        hypervisor.clock().advance(1_000_000);
      }
      assertTrue(port.present(), "the port's provider threw");
    }
  }
}
