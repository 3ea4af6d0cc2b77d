// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.kit.ArmLayouts;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Domains, as the core keeps them. */
class HypervisorCoreTest {
  private static final String ROLE = "core";

  private final FakeHypervisor hypervisor = new FakeHypervisor(2);
  private final FrameHeap heap = hypervisor.port(FrameHeapPort.class);
  private final List<String> heard = new ArrayList<>();
  private DeviceModel model;

  @BeforeEach
  void install() {
    model = hypervisor.install(ROLE, new ToyHypervisor.Factory());
    hypervisor.port(DomainsPort.class).listen(new DomainListener() {
      @Override
      public void created(Domain domain) {
        heard.add("created " + domain.id());
      }

      @Override
      public void started(Domain domain) {
        heard.add("started " + domain.id());
      }

      @Override
      public void shutdown(Domain domain) {
        heard.add("shutdown " + domain.id() + " " + domain.shutdownReason());
      }

      @Override
      public void destroyed(Domain domain) {
        heard.add("destroyed " + domain.id());
      }
    }, hypervisor.context(ROLE).sibling(".listener"));
  }

  private Domains domains() {
    return hypervisor.port(DomainsPort.class).domains();
  }

  private Domain create(String name, int vcpus) {
    return domains().create(-1, new DomainSpec(name, new UUID(1, 2), vcpus, 100, DomainSpec.Kind.DOMU, 31, 512, 50));
  }

  @Test
  void serviceDomainIsThereFromTheStart() {
    assertEquals(List.of(ServiceEventsPort.DOMID), domains().all().stream().map(Domain::id).toList());
    assertThrows(HypervisorException.class, () -> domains().destroy(domains().byId(ServiceEventsPort.DOMID)));
  }

  @Test
  void domainLivesAndLeavesNothing() {
    long free = heap.free();
    Domain domain = create("one", 2);
    assertEquals(DomainState.BUILDING, domain.state());
    assertEquals(1, domain.pauseCount());
    assertEquals(2, domain.vcpus().size());
    assertEquals(domain.sharedInfo(), domain.vcpu(0).info());
    assertEquals(0, domain.vcpu(1).info());
    assertEquals(512, domain.weight());
    domain.unpause();
    assertEquals(DomainState.RUNNING, domain.state());
    domain.shutdown(1);
    domain.shutdown(3);
    assertEquals(1, domain.shutdownReason(), "the first reason stands");
    assertEquals(0, heap.count(domain.serial()));
    long own = heap.allocate(domain.serial(), 3, 1);
    assertTrue(own > 0);
    int id = domain.id();
    domains().destroy(domain);
    assertEquals(free, heap.free());
    assertNull(domains().byId(id));
    assertEquals(List.of("created " + id, "started " + id, "shutdown " + id + " 1", "destroyed " + id), heard);
  }

  @Test
  void namesAndDomidsAreUniqueAndDomidsComeLateAgain() {
    Domain one = create("one", 1);
    assertThrows(HypervisorException.class, () -> create("one", 1));
    assertThrows(HypervisorException.class, () -> create("none", 0));
    assertThrows(HypervisorException.class, () -> create("many", 129));
    DomainSpec spec = new DomainSpec("two", new UUID(0, 0), 1, 1, DomainSpec.Kind.DOMU, 31, 256, 0);
    assertThrows(HypervisorException.class, () -> domains().create(one.id(), spec));
    assertThrows(HypervisorException.class, () -> domains().create(0x7FF0, spec));
    int first = one.id();
    int serial = one.serial();
    domains().destroy(one);
    Domain next = create("one", 1);
    assertTrue(next.id() > first, "a domid isn't used again at once");
    assertTrue(next.serial() > serial);
  }

  @Test
  void thousandDomainsOneAfterAnotherLeaveNothing() {
    domains().destroy(create("first", 1));
    long free = heap.free();
    for (int i = 0; i < 1000; i++) {
      domains().destroy(create("next", 1 + i % 3));
    }
    assertEquals(free, heap.free());
    assertEquals(1, domains().all().size());
  }

  @Test
  void replacementKeepsDomainsAndVirtualCpus() {
    Domain domain = create("one", 2);
    domain.parameter(17, 0x39000);
    domain.unpause();
    domain.vcpu(0).powerOn(0x4000_0000L, 42);
    domain.vcpu(1).info(0x1234);
    domain.permissions().permit(new Frames(0x9000, 0x9003));
    domain.permissions().interrupt(40, true);
    assertNull(domain.grantRegion());
    domain.grantRegion(new AddressWindow(0x3800_0000L, 0x100_0000));
    byte[] before = model.state().save().toBytes();
    model = hypervisor.replace(ROLE, new ToyHypervisor.Factory());
    assertArrayEquals(before, model.state().save().toBytes());
    Domain same = domains().byId(domain.id());
    assertFalse(same == domain);
    assertEquals(domain.serial(), same.serial());
    assertEquals("one", same.name());
    assertEquals(0x39000, same.parameter(17));
    assertEquals(new AddressWindow(0x3800_0000L, 0x100_0000), same.grantRegion());
    assertEquals("[9000-9003]", same.permissions().frames().toString());
    assertEquals(List.of(40), same.permissions().interrupts());
    Vcpu vcpu = same.vcpu(0);
    assertTrue(vcpu.online());
    assertEquals(0x4000_0000L, ((ToyVcpu) vcpu).entry());
    assertEquals(42, vcpu.x(0));
    assertEquals(0x1234, same.vcpu(1).info());
  }

  @Test
  void recordsHaveTheNamesThatTheyAlwaysHad() {
    GuestDomain domain = (GuestDomain) create("one", 1);
    assertEquals("serials last-domid cpu0.domain cpu0.vcpu cpu0.executing cpu0.reschedule cpu0.standing cpu1.domain cpu1.vcpu "
        + "cpu1.executing cpu1.reschedule cpu1.standing domains", String.join(" ", model.state().save().values().keySet()));
    assertEquals(
        "serial kind life reason pauses shared-info event-interrupt grant-base grant-size emulation word-size max-pages weight cap root spent "
            + "uuid parameters iomem irqs name memory-map vcpus", String.join(" ", domain.record().save().values().keySet()));
    assertEquals("online blocked deadline processor credit info runstate-area runstate since times entry argument",
        String.join(" ", domain.vcpu(0).record().save().values().keySet()));
  }

  @Test
  void aRecordFromBeforeGrantRegionsIsOfADomainThatHasBeenToldNone() {
    GuestDomain domain = (GuestDomain) create("one", 1);
    domain.grantRegion(new AddressWindow(0x3800_0000L, 0x100_0000));
    StateRecord former = new StateRecord();
    domain.record().save().values().forEach((name, value) -> {
      if (!name.startsWith("grant-")) {
        former.put(name, value);
      }
    });
    domain.record().restore(former);
    assertNull(domain.grantRegion());
    assertEquals("one", domain.name());
  }

  @Test
  void blockedVirtualCpuIsWokenByItsDeadline() {
    Domain domain = create("one", 1);
    domain.unpause();
    Vcpu vcpu = domain.vcpu(0);
    vcpu.powerOn(0, 0);
    vcpu.blockUntil(hypervisor.clock().now() + 5000);
    assertTrue(vcpu.blocked());
    hypervisor.clock().advance(4999);
    assertTrue(vcpu.blocked());
    hypervisor.clock().advance(1);
    assertFalse(vcpu.blocked());
    assertEquals(5000, vcpu.runstate()[2]);
  }

  @Test
  void aVcpuSharesWhereTheLayoutHasRoomForIt() {
    Domain arm = create("arm", 2);
    assertEquals(arm.sharedInfo(), arm.vcpu(0).info());
    assertEquals(0, arm.vcpu(1).info());
    FakeHypervisor other = new FakeHypervisor(1);
    other.install(ROLE, new ToyHypervisor.Factory(SharedLayouts.X64));
    Domain pvh = other.port(DomainsPort.class).domains().create(-1, new DomainSpec("pvh", new UUID(1, 2), 33, 100,
        DomainSpec.Kind.DOMU, 31, 512, 50));
    assertEquals(SharedLayouts.X64, pvh.sharedLayout());
    assertEquals(pvh.sharedInfo(), pvh.vcpu(0).info());
    assertEquals(pvh.sharedInfo() + 31 * 64, pvh.vcpu(31).info());
    assertEquals(0, pvh.vcpu(32).info());
  }

  @Test
  void whoListensHearsThatAVcpuSharesElsewhere() {
    Domain domain = create("one", 2);
    List<Vcpu> moved = new ArrayList<>();
    hypervisor.port(DomainsPort.class).listen(new DomainListener() {
      @Override
      public void moved(Vcpu vcpu) {
        moved.add(vcpu);
      }
    }, hypervisor.context(ROLE).sibling(".mover"));
    domain.vcpu(1).info(0x1234_5000);
    assertEquals(List.of(domain.vcpu(1)), moved);
    assertEquals(0x1234_5000, domain.vcpu(1).info());
  }

  @Test
  void aDomainLatchesItsWordsAndKeepsThemAndItsMemoryMap() {
    FakeHypervisor other = new FakeHypervisor(1);
    other.install(ROLE, new ToyHypervisor.Factory(SharedLayouts.X64));
    Domain pvh = other.port(DomainsPort.class).domains().create(-1, new DomainSpec("pvh", new UUID(1, 2), 1, 100, DomainSpec.Kind.DOMU,
        31, 512, 50));
    List<SharedLayout> heard = new ArrayList<>();
    other.port(DomainsPort.class).listen(new DomainListener() {
      @Override
      public void laidOut(Domain domain) {
        heard.add(domain.sharedLayout());
      }
    }, other.context(ROLE).sibling(".listener"));
    pvh.latch(8);
    assertEquals(List.of(), heard, "it has that already");
    pvh.latch(4);
    pvh.memoryMap(new byte[] {1, 2, 3});
    assertEquals(List.of(SharedLayouts.IA32), heard);
    other.replace(ROLE, new ToyHypervisor.Factory(SharedLayouts.X64));
    Domain next = other.port(DomainsPort.class).domains().byId(pvh.id());
    assertEquals(SharedLayouts.IA32, next.sharedLayout());
    assertEquals(List.of((byte) 1, (byte) 2, (byte) 3), List.of(next.memoryMap()[0], next.memoryMap()[1], next.memoryMap()[2]));
    Domain arm = create("arm", 1);
    arm.latch(4);
    assertEquals(ArmLayouts.ARM, arm.sharedLayout(), "a core with one layout");
  }
}
