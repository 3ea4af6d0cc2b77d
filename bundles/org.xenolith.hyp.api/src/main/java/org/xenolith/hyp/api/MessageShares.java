package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.platform.api.AddressWindow;

/**
 * Shares of the machine's message frame (GICv2m) for guests, where a policy allows them: such a frame doesn't tell whose a message is,
 * so who has a share can raise every interrupt of the frame. The role {@code v2m}.
 */
@ConsumerType
public interface MessageShares {
  /** Whether messages of a function go to the frame that is shared ({@code msi-map}, {@code msi-parent}). */
  boolean covers(HostBridgePort bridge, int rid);

  /** Gives a guest that is being built a share; null if there is none left. */
  Frame share(Domain domain);

  /** The share of a guest; null if it has none. */
  Frame facts(Domain domain);

  /** INTIDs of shares, free or given, at the machine's frames: the hardware domain must not get them. */
  List<Integer> kept();

  /**
   * A guest's message frame.
   *
   * @param registers the frame by the guest's own addresses; a message is a write to {@link #DOORBELL} in it
   * @param first     first INTID that messages of the guest's raise; its data is the INTID
   * @param count     how many
   */
  record Frame(AddressWindow registers, int first, int count) {
    /** MSI_SETSPI_NS (Arm SBSA, appendix on GICv2m). */
    public static final long DOORBELL = 0x40;
  }
}
