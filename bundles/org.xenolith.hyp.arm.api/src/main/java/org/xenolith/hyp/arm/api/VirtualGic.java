// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.CpuPort;

/**
 * The driver of the machine's interrupt controller and the controllers that domains see. INTIDs: SGIs 0 to 15, PPIs 16 to 31,
 * SPIs from 32. What is to be done at a switch of vCPU it does as a {@link ContextSwitchPort} hook.
 */
@ConsumerType
public interface VirtualGic {
  /** First INTID of a locality-specific peripheral interrupt, LPI (Arm IHI 0069H, 2.2). */
  int FIRST_LPI = 8192;
  /** One behind the last LPI: interrupt numbers have 16 bits. */
  int END_OF_LPIS = 1 << 16;

  /**
   * Makes an interrupt of a vCPU pending, as an edge does; an SPI goes to whom the domain routes it. Wakes who gets it. An LPI goes
   * to that vCPU, if its domain {@link #giveLpis has} them and the vCPU enabled them.
   */
  void inject(Vcpu vcpu, int intid);

  /** The level of a level-sensitive input of a vCPU (PPI) or its domain (SPI) is this now. */
  void level(Vcpu vcpu, int intid, boolean high);

  /** Whether an interrupt that the vCPU would take now (enabled, priority, group) waits for it. */
  boolean deliverable(Vcpu vcpu);

  /** An IRQ was taken to EL2 on a physical CPU: acknowledges and serves all that wait. */
  void interrupt(CpuPort cpu);

  /** Makes a physical CPU enter EL2 soon, wherever it is: a software-generated interrupt. */
  void kick(CpuPort cpu);

  /** Brings a physical CPU's own part of the controller up; on that CPU, when it is powered on. */
  void start(CpuPort cpu);

  /**
   * A domain gets a physical SPI as its own of the same number.
   *
   * @param edge whether it is edge-triggered
   * @return 0 or a negative errno
   */
  int route(Domain domain, int intid, boolean edge);

  /** Somebody claimed a physical interrupt at the port, or gave it back: enables or disables it. */
  void hostInterrupt(int intid, boolean edge, boolean on);

  /**
   * Gives a domain LPIs, before it runs, and brings up those of the machine. Nothing happens if it has them already.
   *
   * @return whether it has them: not without a GICv3 that has them itself
   */
  default boolean giveLpis(Domain domain) {
    return false;
  }

  /** An LPI of a domain is pending no more, as the ITS's commands CLEAR and DISCARD have it. */
  default void clearLpi(Domain domain, int intid) {}

  /** What the domain wrote of an LPI in its configuration table counts from now on: INV. */
  default void reloadLpi(Domain domain, int intid) {}

  /** The same for all LPIs of a vCPU: INVALL. */
  default void reloadLpis(Vcpu vcpu) {}

  /** An LPI, if it is pending, is so at this vCPU from now on: MOVI. */
  default void moveLpi(Vcpu to, int intid) {}

  /** All LPIs that are pending at a vCPU are so at another one of its domain from now on: MOVALL. */
  default void moveLpis(Vcpu from, Vcpu to) {}

  /** What domains see, for builders. */
  GicFacts facts(Domain domain);

  /**
   * The interrupt controller of a domain as its device tree describes it.
   *
   * @param version     2 or 3
   * @param distributor address of the distributor
   * @param distributorSize in bytes
   * @param second      address of the CPU interface (v2) or the first redistributor (v3)
   * @param secondSize  in bytes
   * @param lines       interrupts in all, a multiple of 32
   */
  record GicFacts(int version, long distributor, long distributorSize, long second, long secondSize, int lines) {}
}
