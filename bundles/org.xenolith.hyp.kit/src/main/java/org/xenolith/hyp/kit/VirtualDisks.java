// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.DiskHolder;
import org.xenolith.block.api.ForwardingDisk;
import org.xenolith.command.api.HostReason;
import org.xenolith.hyp.api.Domain;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

/**
 * Port: disk images that tools opened for block back ends, by {@link #name}. What differs from an image is state of the machine;
 * after a snapshot's restore an image takes it over when it is attached again.
 */
public final class VirtualDisks implements PortState, DiskHolder, AutoCloseable {
  private final DeviceState state = new DeviceState();
  private final Map<String, BlockDevice> disks = new TreeMap<>();
  /** Records of disks that aren't attached yet. */
  private final Map<String, StateRecord> waiting = new TreeMap<>();
  private @Nullable SectorWatcher watcher;

  /** Is shown sectors that were read. It must change nothing. */
  @FunctionalInterface
  public interface SectorWatcher {
    /** @param name of the disk @param sector the first of them @param bytes their content, a copy */
    void read(String name, long sector, byte[] bytes);
  }

  /** A disk whose sectors somebody sees. */
  private record SeenDisk(BlockDevice disk, String name, SectorWatcher watcher) implements ForwardingDisk {
    @Override
    public void read(long sector, byte[] into, int offset, int count) throws IOException {
      disk.read(sector, into, offset, count);
      watcher.read(name, sector, Arrays.copyOfRange(into, offset, offset + count * SECTOR));
    }
  }

  /** No disks. */
  public VirtualDisks() {
    state.varying("disks", waiting::clear, this::save, this::restore);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** The domains are gone, and their views of images with them; what was written through is in the images. */
  @Override
  public void machineReset() {
    state.reset();
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(HostReason.of(e).text(), e);
    }
  }

  /**
   * The name of a domain's own view of an image, so that overlays aren't shared.
   *
   * @param number the device's number, as its node in the store is called
   * @param params what the store's {@code params} node has: the image
   */
  public static String name(Domain domain, String number, String params) {
    return domain.serial() + "/" + number + ":" + params;
  }

  /** Whether a name is of a domain's disks. */
  public static boolean of(Domain domain, String name) {
    return name.startsWith(domain.serial() + "/");
  }

  /** Attaches a disk under a name, in the place of another one. @throws IOException if a snapshot's record doesn't fit it */
  public void attach(String name, BlockDevice disk) throws IOException {
    StateRecord record = waiting.remove(name);
    if (record != null) {
      disk.restore(record);
    }
    disks.put(name, disk);
  }

  /** The disk of a name, or null; asked for each request. */
  public BlockDevice disk(String name) {
    BlockDevice disk = disks.get(name);
    return watcher == null || disk == null ? disk : new SeenDisk(disk, name, watcher);
  }

  /** Has somebody see sectors that are read, in the place of who did; null for nobody. On the machine's thread, or while it stands still. */
  public void watch(@Nullable SectorWatcher newWatcher) {
    watcher = newWatcher;
  }

  @Override
  public Map<String, BlockDevice> disks() {
    return new TreeMap<>(disks);
  }

  /** Names of all disks. */
  public Set<String> names() {
    return disks.keySet();
  }

  /** Names of disks that a snapshot has and nobody attached yet. */
  public Set<String> missing() {
    return waiting.keySet();
  }

  /** Detaches a disk; the caller closes it. @return the disk, or null */
  public BlockDevice detach(String name) {
    return disks.remove(name);
  }

  /** Closes what is still attached: the machine is no more. @throws IOException naming the disks that couldn't be */
  @Override
  public void close() throws IOException {
    IOException trouble = null;
    for (BlockDevice disk : disks.values()) {
      try {
        disk.close();
      } catch (IOException e) {
        trouble = trouble == null ? e : new IOException(HostReason.of(trouble).text() + "; " + HostReason.of(e).text(), e);
      }
    }
    disks.clear();
    if (trouble != null) {
      throw trouble;
    }
  }

  private byte[] save() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      Map<String, StateRecord> all = new TreeMap<>(waiting);
      for (var disk : disks.entrySet()) {
        all.put(disk.getKey(), disk.getValue().save());
      }
      out.writeInt(all.size());
      for (var record : all.entrySet()) {
        byte[] content = record.getValue().toBytes();
        out.writeUTF(record.getKey());
        out.writeInt(content.length);
        out.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void restore(byte[] saved) {
    waiting.clear();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved));
    try {
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        byte[] content = in.readNBytes(in.readInt());
        StateRecord record = StateRecord.ofBytes(content);
        BlockDevice disk = disks.get(name);
        if (disk == null) {
          waiting.put(name, record);
        } else {
          disk.restore(record);
        }
      }
    } catch (IOException e) {
      throw new StateMismatch("virtual disks: " + HostReason.of(e).text());
    }
  }
}
