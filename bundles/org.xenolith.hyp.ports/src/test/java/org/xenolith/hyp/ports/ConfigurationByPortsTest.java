// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.pci.kit.EcamBridge;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;

/** Mechanism #1: the latch, where an access goes, and who is asked. */
class ConfigurationByPortsTest {
  private static final long ECAM = 0xE000_0000L;
  private static final int FIRST_BUS = 1;
  private static final long ONES = 0xFFFF_FFFFL;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final FakeVcpu vcpu = hypervisor.dom0(1).vcpu(0);
  private final List<String> accesses = new ArrayList<>();
  private final GuestMmio space = new GuestMmio() {
    @Override
    public boolean covers(Domain domain, long address) {
      return domain.kind() == DomainSpec.Kind.DOM0 && address >= ECAM && address < ECAM + 0x20_0000;
    }

    @Override
    public long read(Vcpu by, long address, int size) {
      accesses.add("%x %d".formatted(address, size));
      return 0x0123_4567_89AB_CDEFL;
    }

    @Override
    public void write(Vcpu by, long address, int size, long value) {
      accesses.add("%x %d %x".formatted(address, size, value));
      if (value == 0xBAD) {
        throw new IllegalStateException("broken");
      }
    }
  };

  private record Driver() implements HostBridgeDriver {
    @Override
    public List<String> compatible() {
      return List.of("pci-host-ecam-generic");
    }

    @Override
    public HostBridge open(PlatformNode node, PhysicalBus bus) {
      return new EcamBridge(node, bus, EcamBridge.ECAM, rid -> true);
    }
  }

  ConfigurationByPortsTest() {
    hypervisor.beside(FakeNode.at("/pcie@e0000000").compatible("pci-host-ecam-generic").property(FdtProperty.ofStrings("device_type",
        "pci")).cells("bus-range", FIRST_BUS, FIRST_BUS + 1).window(ECAM, 0x20_0000).build());
    hypervisor.install("ports", new HardwarePortsComponent());
    hypervisor.port(HostBridgesPort.class).claim(new Driver(), hypervisor.context("ports"));
    hypervisor.port(GuestTrapsPort.class).claim(space, hypervisor.context("ports"));
  }

  private long in(int port, int size) {
    return hypervisor.port(GuestProcessorsPort.class).in(vcpu, port, size);
  }

  private void out(int port, int size, long value) {
    hypervisor.port(GuestProcessorsPort.class).out(vcpu, port, size, value);
  }

  private List<String> accesses() {
    List<String> all = List.copyOf(accesses);
    accesses.clear();
    return all;
  }

  @Test
  void theLatchIsWrittenByWholeWordsOnly() {
    assertEquals(0, in(0xCF8, 4));
    out(0xCF8, 4, 0x8001_1004L);
    assertEquals(0x8001_1004L, in(0xCF8, 4));
    out(0xCF8, 1, 0);
    out(0xCF8, 2, 0);
    out(0xCFA, 2, 0);
    out(0xCFB, 1, 1);
    assertEquals(0x8001_1004L, in(0xCF8, 4));
    assertEquals(0xFF, in(0xCF8, 1));
    assertEquals(0xFFFF, in(0xCFA, 2), "nothing of the machine's is there");
    out(0xCF8, 4, ONES);
    assertEquals(0x80FF_FFFCL, in(0xCF8, 4), "reserved bits are 0");
    assertEquals(List.of(), accesses());
  }

  @Test
  void dataIsWhereTheBridgeHasIt() {
    out(0xCF8, 4, 0x8001_0000L);
    assertEquals(0x89AB_CDEFL, in(0xCFC, 4));
    out(0xCF8, 4, 0x8002_FFFCL);
    out(0xCFC, 4, 0x1234_5678);
    assertEquals(List.of("e0000000 4", "e01ff0fc 4 12345678"), accesses());
  }

  @Test
  void narrowAccessesKeepTheirPlaceInTheWord() {
    out(0xCF8, 4, 0x8001_1804L);
    assertEquals(0xEF, in(0xCFF, 1));
    assertEquals(0xCDEF, in(0xCFE, 2));
    out(0xCFD, 1, 0x5A);
    out(0xCFC, 2, 0x1234);
    assertEquals(List.of("e0018007 1", "e0018006 2", "e0018005 1 5a", "e0018004 2 1234"), accesses());
    assertEquals(0xFFFF, in(0xCFD, 2), "not aligned");
    assertEquals(ONES, in(0xCFE, 4), "beyond the word");
    assertEquals(List.of(), accesses());
  }

  @Test
  void nothingAnswersElsewhere() {
    out(0xCF8, 4, 0x0001_0000);
    assertEquals(ONES, in(0xCFC, 4), "not enabled");
    out(0xCF8, 4, 0x8000_0000L);
    assertEquals(ONES, in(0xCFC, 4), "a bus that isn't behind the bridge");
    out(0xCF8, 4, 0x8003_0000L);
    assertEquals(ONES, in(0xCFC, 4));
    out(0xCF8, 4, 0x8001_0000L);
    hypervisor.port(GuestTrapsPort.class).release(space);
    assertEquals(0xFF, in(0xCFC, 1), "configuration space isn't trapped");
    out(0xCFC, 4, 0);
    assertEquals(List.of(), accesses());
  }

  @Test
  void withoutADriverNothingAnswers() {
    FakeHypervisor other = new FakeHypervisor(1);
    other.install("ports", new HardwarePortsComponent());
    FakeVcpu its = other.dom0(1).vcpu(0);
    other.port(GuestProcessorsPort.class).out(its, 0xCF8, 4, 0x8000_0000L);
    assertEquals(0x8000_0000L, other.port(GuestProcessorsPort.class).in(its, 0xCF8, 4));
    assertEquals(ONES, other.port(GuestProcessorsPort.class).in(its, 0xCFC, 4));
  }

  @Test
  void anotherDomainNeitherSeesNorMovesTheLatch() {
    out(0xCF8, 4, 0x8001_0000L);
    FakeVcpu guest = hypervisor.domU(2, 1).vcpu(0);
    GuestProcessorsPort processors = hypervisor.port(GuestProcessorsPort.class);
    processors.out(guest, 0xCF8, 4, 0x8002_0000L);
    assertEquals(ONES, processors.in(guest, 0xCF8, 4));
    assertEquals(ONES, processors.in(guest, 0xCFC, 4));
    processors.out(guest, 0xCFC, 4, 1);
    assertEquals(0x8001_0000L, in(0xCF8, 4));
    assertEquals(List.of(), accesses());
  }

  @Test
  void theLatchOutlivesTheVersion() {
    out(0xCF8, 4, 0x8001_1004L);
    hypervisor.replace("ports", new HardwarePortsComponent());
    assertEquals(0x8001_1004L, in(0xCF8, 4));
    StateRecord record = hypervisor.remove("ports");
    assertEquals(ONES, in(0xCF8, 4));
    hypervisor.bringBack("ports", new HardwarePortsComponent(), record);
    assertEquals(0x8001_1004L, in(0xCF8, 4));
    hypervisor.install("ports", new HardwarePortsComponent());
    assertEquals(0, in(0xCF8, 4), "cold");
  }

  /** It is whoever answers that is taken out, not the ports. */
  @Test
  void whoThrowsBehindThePortsIsTakenOut() {
    List<Object> failures = new ArrayList<>();
    DeviceContext owner = (DeviceContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("failed")) {
            failures.add(arguments[0]);
          }
          return method.getName().equals("instance") ? "space" : null;
        });
    hypervisor.port(GuestTrapsPort.class).release(space);
    hypervisor.port(GuestTrapsPort.class).claim(space, owner);
    out(0xCF8, 4, 0x8001_0000L);
    out(0xCFC, 4, 0xBAD);
    assertEquals(1, failures.size());
    accesses.clear();
    assertEquals(ONES, in(0xCFC, 4));
    assertEquals(0x8001_0000L, in(0xCF8, 4));
    assertEquals(List.of(), accesses());
  }
}
