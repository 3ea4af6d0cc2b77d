// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.xenolith.hyp.api.DeviceMessages;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.Iommu;
import org.xenolith.hyp.api.MessageShares;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.XenErrno;

/** SMMU, ITS and virtual PCI that remember whose each function is, and refuse what a test says. */
final class FakeIsolation {
  static final int DEVICE_BASE = 0x10_0000;

  /** Serial of whose memory each routing id reaches. */
  final Map<Integer, Integer> memory = new TreeMap<>();
  /** Whose the messages of each device are: serial and the id there. */
  final Map<Integer, String> messages = new TreeMap<>();
  /** Who sees each function: serial and address there. */
  final Map<Integer, String> seen = new TreeMap<>();
  final List<String> order = new ArrayList<>();
  boolean covers = true;
  boolean translates = true;
  boolean virtualBus = true;
  /** Whether messages that aren't translated go to a frame that is shared, and who has the share. */
  boolean shared = true;
  int sharer;
  /** Domain, by serial, for which a step fails, with this result. */
  int refused;
  String refusing = "";
  int refusal;
  int resets;

  private int answer(String step, Domain domain) {
    return step.equals(refusing) && domain.serial() == refused ? refusal : 0;
  }

  /** As which stream each routing id came. */
  private final Map<Integer, Long> streams = new TreeMap<>();

  final Iommu iommu = new Iommu() {
    @Override
    public boolean driven() {
      return covers;
    }

    @Override
    public boolean covers(long stream) {
      return covers;
    }

    @Override
    public int attach(int sbdf, long stream, Domain domain) {
      int rid = Sbdf.rid(sbdf);
      order.add("attach d" + domain.id());
      int answer = answer("attach", domain);
      streams.put(rid, stream);
      for (Map.Entry<Integer, Integer> other : memory.entrySet()) {
        if (other.getKey() != rid && streams.get(other.getKey()) == stream && other.getValue() != domain.serial()) {
          return -XenErrno.XEN_EBUSY;
        }
      }
      if (answer == 0) {
        memory.put(rid, domain.serial());
      }
      return answer;
    }

    @Override
    public void detach(int sbdf) {
      order.add("detach");
      memory.remove(Sbdf.rid(sbdf));
    }
  };

  final DeviceMessages its = new DeviceMessages() {
    @Override
    public OptionalInt device(HostBridgePort bridge, int rid) {
      return translates ? OptionalInt.of(DEVICE_BASE + rid) : OptionalInt.empty();
    }

    @Override
    public int give(int device, Domain domain, int guestDevice) {
      order.add("give d" + domain.id());
      int answer = answer("give", domain);
      if (answer == 0) {
        messages.put(device, domain.serial() + ":" + Integer.toHexString(guestDevice));
      }
      return answer;
    }

    @Override
    public void take(int device) {
      order.add("take");
      messages.remove(device);
    }

    @Override
    public Its its(Domain domain) {
      return null;
    }

    @Override
    public Its facts(Domain domain) {
      return null;
    }
  };

  final MessageShares shares = new MessageShares() {
    @Override
    public boolean covers(HostBridgePort bridge, int rid) {
      return shared;
    }

    @Override
    public Frame share(Domain domain) {
      return null;
    }

    @Override
    public Frame facts(Domain domain) {
      return domain.serial() == sharer ? new Frame(new AddressWindow(0x0808_0000, 0x1000), 128, 16) : null;
    }

    @Override
    public List<Integer> kept() {
      return List.of();
    }
  };

  final VirtualPci vpci = new VirtualPci() {
    @Override
    public int plug(PciFunction function, Domain owner) {
      order.add("plug d" + owner.id());
      int answer = answer("plug", owner);
      if (answer == 0) {
        seen.put(function.rid(), function.owner() + ":" + Sbdf.text(function.guestSbdf()));
      }
      return answer;
    }

    @Override
    public void unplug(PciFunction function) {
      order.add("unplug");
      seen.remove(function.rid());
    }

    @Override
    public void reset(PciFunction function) {
      resets++;
    }

    @Override
    public Bridge bridge(Domain domain) {
      return null;
    }

    @Override
    public Bridge facts(Domain domain) {
      AddressWindow window = new AddressWindow(0x1000_0000, 0x1000_0000);
      return virtualBus ? new Bridge(window, window, window) : null;
    }

    @Override
    public List<AddressWindow> withheld() {
      return List.of();
    }
  };
}
