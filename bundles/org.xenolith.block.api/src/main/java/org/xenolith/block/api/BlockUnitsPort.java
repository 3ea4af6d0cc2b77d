// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The permanent places at a node where several disks are attached, each with a number: the banks of flash, the units of a SCSI
 * controller. What the numbers mean is the model's to say.
 */
public final class BlockUnitsPort implements DiskHolder {
  /** The highest number: that of a SCSI unit in an address of two bytes. */
  public static final int LAST = 0x3FFF;

  private final SortedMap<Integer, BlockPort> ports = new TreeMap<>();
  private Runnable onChange = () -> {};

  /**
   * The place with a number, made on first request.
   *
   * @throws IllegalArgumentException if it isn't 0 to {@link #LAST}
   */
  public BlockPort unit(int number) {
    if (number < 0 || number > LAST) {
      throw new IllegalArgumentException("unit " + number + ": expected 0 to " + LAST);
    }
    return ports.computeIfAbsent(number, n -> {
      BlockPort port = new BlockPort();
      port.onChange(() -> onChange.run());
      return port;
    });
  }

  /** Model: runs when a disk was attached to or detached from one of the places. Their own {@link BlockPort#onChange} isn't the model's then. */
  public void onChange(Runnable action) {
    onChange = action;
  }

  /** Those that have a disk, by number. */
  public SortedMap<Integer, BlockPort> attached() {
    SortedMap<Integer, BlockPort> attached = new TreeMap<>(ports);
    attached.values().removeIf(port -> port.device() == null);
    return attached;
  }

  /** By number, with the sign that {@link BlockPlace} has before it. */
  @Override
  public Map<String, BlockDevice> disks() {
    Map<String, BlockDevice> disks = new TreeMap<>();
    attached().forEach((number, port) -> port.disks().forEach((only, disk) -> disks.put("#" + number, disk)));
    return disks;
  }
}
