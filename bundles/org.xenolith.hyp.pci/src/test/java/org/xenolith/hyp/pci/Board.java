// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.IommuPort;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.FakeConfiguration.Function;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/**
 * A hypervisor on a host bridge with a root port at 00.0, behind which, on bus 1, cards can be plugged in; Dom0 and a guest. Cards are
 * plain memory but for their ways to be reset.
 */
final class Board {
  static final int ROOT_PORT = 0;
  static final int CARD = 0x100;
  private static final int EXPRESS = 0x50;
  private static final int POWER = 0x40;
  private static final int BRIDGE_CONTROL = 0x3E;

  final FakeConfiguration config = new FakeConfiguration();
  final FakeIsolation isolation = new FakeIsolation();
  final FakeHypervisor hyp;
  final PciDevicesPort pci;
  final FakeDomain dom0;
  final FakeDomain guest;
  final Function rootPort;
  int resets;
  boolean dead;

  /** @param options pairs of name and value */
  Board(String... options) {
    Map<String, String> map = new java.util.TreeMap<>();
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    hyp = new FakeHypervisor(1, map);
    hyp.beside(FakeNode.at("/pcie").compatible("fake,host").property(FdtProperty.ofStrings("device_type", "pci"))
        .cells("msi-map", 0, 7, 0, 0x1_0000).build(), FakeNode.at("/msi").compatible("arm,gic-v2m-frame").cells("phandle", 7).build());
    hyp.install("pcihost.fake", new Driver());
    hyp.port(IommuPort.class).attach(isolation.iommu, hyp.context("pcihost.fake"));
    hyp.port(DeviceMessagesPort.class).attach(isolation.its, hyp.context("pcihost.fake"));
    hyp.port(MessageSharesPort.class).attach(isolation.shares, hyp.context("pcihost.fake"));
    hyp.port(VirtualPciPort.class).attach(isolation.vpci, hyp.context("pcihost.fake"));
    hyp.install("pci", new PciDevicesComponent());
    pci = hyp.port(PciDevicesPort.class);
    rootPort = bridge(ROOT_PORT, 1);
    dom0 = hyp.dom0(1);
    guest = hyp.domU(2, 1);
  }

  /** A host bridge's driver, whose bridge is {@link #config}. */
  private final class Driver implements DeviceModelFactory, HostBridgeDriver {
    @Override
    public ModelDescription description() {
      return new ModelDescription("fake host bridge", "", "");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      context.port(HostBridgesPort.class).claim(this, context);
      return new DeviceModel() {
        @Override
        public DeviceState state() {
          return new DeviceState();
        }

        @Override
        public void reset() {}

        @Override
        public void removed() {
          context.port(HostBridgesPort.class).release(Driver.this);
        }
      };
    }

    @Override
    public List<String> compatible() {
      return List.of("fake,host");
    }

    @Override
    public HostBridge open(PlatformNode node, PhysicalBus bus) {
      return new Bridge();
    }
  }

  private final class Bridge implements HostBridge {
    @Override
    public int firstBus() {
      return 0;
    }

    @Override
    public int lastBus() {
      return 0x1F;
    }

    @Override
    public List<AddressWindow> configuration() {
      return List.of();
    }

    @Override
    public int read(int rid, int register, int size) {
      return config.read(rid, register, size);
    }

    @Override
    public void write(int rid, int register, int size, int value) {
      config.write(rid, register, size, value);
    }

    @Override
    public long trappedRead(PciConfiguration seen, long address, int size) {
      return -1;
    }

    @Override
    public void trappedWrite(PciConfiguration seen, long address, int size, long value) {}
  }

  /** A bridge to a bus; resets what is there by bit 6 of its control. */
  Function bridge(int rid, int bus) {
    Function bridge = config.add(rid, 0x0001_16C3).put(0x0E, 1, 1).put(0x18, 1, rid >>> 8).put(0x19, 1, bus).put(0x1A, 1, bus);
    bridge.onWrite(() -> {
      if ((bridge.get(BRIDGE_CONTROL, 2) & 0x40) != 0) {
        for (int devfn = 0; devfn < 256; devfn++) {
          if (config.at(bus << 8 | devfn) != null) {
            wipe(config.at(bus << 8 | devfn));
          }
        }
      }
    });
    return bridge;
  }

  /** Gives a bridge or function ACS, with all that a group needs. */
  static void acs(Function function) {
    function.put(0x100, 4, 0x0001_000D).put(0x104, 2, 0x5F);
  }

  /** An endpoint that can't be reset by itself; its BAR 0 is set and it is on. */
  Function plain(int rid) {
    return config.add(rid, 0x5010_1DED).put(0x04, 2, 6).put(0x10, 4, 0x8000_0000).put(0x3C, 1, 0x23);
  }

  /** An endpoint with function level reset. */
  Function card(int rid) {
    Function card = plain(rid).put(0x06, 2, 0x10).put(0x34, 1, EXPRESS).put(EXPRESS, 2, 0x10).put(EXPRESS + 4, 4, 1 << 28)
        .put(EXPRESS + 8, 2, 0x2810);
    card.onWrite(() -> {
      if ((card.get(EXPRESS + 8, 2) & 0x8000) != 0) {
        wipe(card);
      }
    });
    return card;
  }

  /** An endpoint that is reset on its way from D3hot to D0. */
  Function sleeper(int rid) {
    Function card = plain(rid).put(0x06, 2, 0x10).put(0x34, 1, POWER).put(POWER, 2, 0x01);
    int[] before = {0};
    card.onWrite(() -> {
      int now = card.get(POWER + 4, 2) & 3;
      if (before[0] == 3 && now == 0) {
        wipe(card);
      }
      before[0] = now;
    });
    return card;
  }

  private void wipe(Function card) {
    resets++;
    card.put(0x04, 2, 0).put(0x10, 4, 0).put(0x3C, 1, 0).put(EXPRESS + 8, 2, card.get(EXPRESS, 1) == 0x10 ? 0x2810 : 0);
    if (dead) {
      card.put(0, 4, -1);
    }
  }

  /** Dom0 tells of the root port and a card with function level reset, which is set aside. */
  Function ready() {
    Function card = card(CARD);
    assertEquals(0, pci.add(ROOT_PORT, 0, 0));
    assertEquals(0, pci.add(CARD, 0, 0));
    pci.assignable(CARD, true);
    isolation.order.clear();
    return card;
  }

  /** It must be refused, with this errno and these words, which the hypervisor's log has, too. */
  static void refused(int errno, String words, Executable what) {
    HypervisorException refusal = assertThrows(HypervisorException.class, what);
    assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    assertEquals(-errno, refusal.errno(), refusal.getMessage());
  }

  /** Everything about a function is a domain's. */
  void belongs(int rid, FakeDomain domain, String address) {
    assertEquals(domain.serial(), pci.at(rid).owner(), "owner");
    assertEquals(domain.serial(), isolation.memory.get(rid), "memory");
    int device = domain.directMapped() ? FakeIsolation.DEVICE_BASE + rid : pci.at(rid).guestSbdf() & 0xFFFF;
    assertEquals(domain.serial() + ":" + Integer.toHexString(device), isolation.messages.get(FakeIsolation.DEVICE_BASE + rid), "messages");
    assertEquals(domain.serial() + ":" + address, isolation.seen.get(rid), "seen");
  }

  /** The hypervisor's log. */
  String log() {
    HypervisorLogPort log = hyp.port(HypervisorLogPort.class);
    StringBuilder text = new StringBuilder();
    for (long i = Math.max(0, log.end() - HypervisorLogPort.SIZE); i < log.end(); i++) {
      text.append((char) log.at(i));
    }
    return text.toString();
  }
}
