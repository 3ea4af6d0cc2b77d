// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

/** What is around one local APIC: its CPU, time, and who hears of ends of interrupts. Called by {@link LocalApic} at any access and whenever time passes. */
public interface LapicSurroundings {
  // ---- Time

  /** Virtual nanoseconds, exact at the present instruction. */
  long now();

  /** The first virtual nanosecond at which the CPU's time-stamp counter has reached a value, the present if it has; {@link Long#MAX_VALUE} for never. */
  long timeOf(long timeStamp);

  /** When {@link LocalApic#due} is going to be called, {@link Long#MAX_VALUE} if it isn't: part of what is saved and restored with the APIC's state. */
  long alarm();

  /** {@link LocalApic#due} is to be called once at that virtual nanosecond, and no more at that of before. {@link Long#MAX_VALUE} for not at all. */
  void alarm(long nanoseconds);

  // ---- The CPU

  /** Whether it is the bootstrap processor, as IA32_APIC_BASE bit 8 says. */
  boolean bootstrap();

  /** The level of INTR: whether there is an interrupt that the CPU may take, by {@link LocalApic#acknowledge}. */
  void interrupt(boolean level);

  /** Software has just written that the APIC is enabled: what was sent to it before was lost. */
  default void softwareEnabled() {}

  /** A non-maskable interrupt. */
  void nmi();

  /** INIT; the APIC is reset already. */
  void init();

  /** A start-up IPI. @param vector 0 to 255: the page where the CPU starts, if it waits for it */
  void startUp(int vector);

  /** The CPU is sent what isn't modelled. @param delivery {@link LapicFabric#SMI} or {@link LapicFabric#EXTINT} */
  void notDelivered(int delivery);

  // ---- I/O APICs

  /** A level-triggered interrupt of that vector has ended (EOI broadcast, SDM volume 3, 12.8.5). */
  void ended(int vector);
}
