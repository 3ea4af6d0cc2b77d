package org.xenolith.hyp.build.arm.dt;

/**
 * A message-signalled interrupt frame of a GICv2 (Arm SBSA, GICv2m), as its {@code MSI_TYPER} says.
 *
 * @param base       physical address of its registers
 * @param firstIntid first interrupt that a message to it raises
 * @param count      number of such interrupts
 */
record V2mFrame(long base, int firstIntid, int count) { }
