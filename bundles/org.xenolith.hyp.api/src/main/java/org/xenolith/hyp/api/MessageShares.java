// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.RequesterId;

/**
 * Shares of the machine's message controller for guests, where a policy allows them: of one that doesn't tell whose a message is, as
 * GICv2m and {@code apm,xgene1-msi}. A guest sees its share as a message frame of its own (GICv2m), whatever the machine has. A
 * machine has one such controller; roles {@code v2m} and {@code xgenemsi}.
 */
@ConsumerType
public interface MessageShares {
  /** Whether messages of a function go to the controller that is shared ({@code msi-map}, {@code msi-parent}). */
  boolean covers(HostBridgePort bridge, int rid);

  /**
   * Whether messages of a function go to a controller. Of one whose bridge has broken properties they go nowhere.
   *
   * @param controller path of its node
   */
  static boolean reach(Platform platform, HostBridgePort bridge, int rid, String controller) {
    try {
      return RequesterId.message(platform, bridge.node(), rid).filter(id -> id.at().path().equals(controller)).isPresent();
    } catch (PlatformException broken) {
      return false;
    }
  }

  /** Gives a guest that is being built a share; null if there is none left. */
  Frame share(Domain domain);

  /** The share of a guest; null if it has none. */
  Frame facts(Domain domain);

  /** INTIDs of shares, free or given, at the machine's frames: the hardware domain must not get them. */
  List<Integer> kept();

  /** Windows of the machine's controller that the hardware domain must not have mapped: shares, free or given. */
  default List<AddressWindow> withheld() {
    return List.of();
  }

  /**
   * A guest's message frame.
   *
   * @param registers the frame by the guest's own addresses; a message is a write to {@link #DOORBELL} in it
   * @param first     first INTID that messages of the guest's raise; its data is the INTID
   * @param count     how many
   * @param target    where its functions are to write in truth, an address of the guest's
   * @param data      what they write there for the first INTID; the next one is the next number
   */
  record Frame(AddressWindow registers, int first, int count, long target, int data) {
    /** MSI_SETSPI_NS (Arm SBSA, appendix on GICv2m). */
    public static final long DOORBELL = 0x40;

    /** A part of a frame that is mapped as it is. */
    public Frame(AddressWindow registers, int first, int count) {
      this(registers, first, count, registers.base() + DOORBELL, first);
    }

    /** What a function writes for a message of the guest's; -1 if that raises none of its interrupts. */
    public int data(int intid) {
      return intid >= first && intid < first + count ? intid - first + data : -1;
    }
  }
}
