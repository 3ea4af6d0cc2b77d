// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

/** The permanent place at a node where a disk is attached; null while there is none. */
public final class BlockPort {
  private BlockDevice device;
  private String identity = "";
  private Medium medium = Medium.DISK;
  private Runnable onChange = () -> {};

  /** Model: the attached disk, or null. */
  public BlockDevice device() {
    return device;
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
