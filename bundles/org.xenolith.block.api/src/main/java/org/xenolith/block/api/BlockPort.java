// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The permanent place at a node where a disk is attached; null while there is none. */
public final class BlockPort implements DiskHolder {
  private BlockDevice device;
  private String identity = "";
  private Medium medium = Medium.DISK;
  private Runnable onChange = () -> {};
  /** Who sees sectors; null if nobody does. */
  private @Nullable SectorWatcher watcher;

  /** Is shown sectors that pass. It must change nothing. */
  @FunctionalInterface
  public interface SectorWatcher {
    /**
     * Sectors were read, or are about to be written.
     *
     * @param sector the first of them
     * @param count  how many
     * @param bytes  their content, from {@code offset} on
     */
    void passes(long sector, int count, byte[] bytes, int offset, boolean write);
  }

  /** Has somebody see sectors, in the place of who did; null for nobody. On the machine's thread, or while it stands still. */
  public void watch(@Nullable SectorWatcher newWatcher) {
    watcher = newWatcher;
  }

  /** Model: the attached disk, or null; asked for each request. */
  public BlockDevice device() {
    return watcher == null || device == null ? device : new WatchedDisk(device, watcher);
  }

  @Override
  public Map<String, BlockDevice> disks() {
    return device == null ? Map.of() : Map.of("", device);
  }

  /** Model: serial number the guest is told, at most 20 characters. */
  public String identity() {
    return identity;
  }

  /** Model: what the attached disk is to the guest. */
  public Medium medium() {
    return medium;
  }

  /** Model: runs when a disk was attached or detached. */
  public void onChange(Runnable action) {
    onChange = action;
  }

  /** Outside, at a safe point: attaches a disk, or detaches with null. */
  public void attach(BlockDevice disk, String serial) {
    attach(disk, serial, Medium.DISK);
  }

  /** The same for a medium of some kind. */
  public void attach(BlockDevice disk, String serial, Medium kind) {
    device = disk;
    medium = kind;
    identity = serial;
    onChange.run();
  }
}
