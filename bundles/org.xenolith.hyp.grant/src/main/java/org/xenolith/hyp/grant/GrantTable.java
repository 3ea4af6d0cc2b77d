// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.xenolith.xen.abi.GrantFlag.GTF_permit_access;
import static org.xenolith.xen.abi.GrantFlag.GTF_reading;
import static org.xenolith.xen.abi.GrantFlag.GTF_readonly;
import static org.xenolith.xen.abi.GrantFlag.GTF_sub_page;
import static org.xenolith.xen.abi.GrantFlag.GTF_type_mask;
import static org.xenolith.xen.abi.GrantFlag.GTF_writing;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_gntref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_page;
import static org.xenolith.xen.abi.GrantStatus.GNTST_general_error;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.GrantUse;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.xen.abi.GrantEntryV1;

/**
 * What one domain grants: its shared table (version 1) in frames of the hypervisor's, and for each entry that is in use by
 * whom, how often and which frame that is. An entry that is used keeps its frame, whatever the domain does to the entry.
 */
final class GrantTable {
  /** Most frames of a table, as Xen gives domains unless told otherwise. */
  static final int MOST_FRAMES = 64;
  static final int ENTRIES_IN_FRAME = 4096 / GrantEntryV1.SIZE;
  /** Uses of one entry for reading, and as many for writing: Xen counts in seven bits and one. */
  private static final int MOST_USES = 128;
  private static final int DOMID_SHIFT = 16;

  private final FrameHeap heap;
  private final MachineMemory memory;
  private final P2mPort p2m;
  private long[] frames = {};
  // By reference: whose uses they are (serial), how many for reading and for writing, how many of each are Java's, which frame.
  private int[] user = {};
  private short[] readers = {};
  private short[] writers = {};
  private short[] javaReaders = {};
  private short[] javaWriters = {};
  private long[] frame = {};
  private int uses;
  /** The domain is gone, and its shared table with it. */
  private boolean orphaned;

  GrantTable(FrameHeap heap, MachineMemory memory, P2mPort p2m) {
    this.heap = heap;
    this.memory = memory;
    this.p2m = p2m;
  }

  // ---- The shared table

  int frames() {
    return frames.length;
  }

  int entries() {
    return readers.length;
  }

  /** Whether there is such an entry: a record that somebody made up can name any. */
  boolean has(int ref) {
    return ref >= 0 && ref < readers.length;
  }

  /** Grows the table to so many frames. @return whether it has them */
  boolean grow(int count) {
    while (!orphaned && frames.length < Math.min(count, MOST_FRAMES)) {
      long mfn = heap.allocate(FrameHeap.HYPERVISOR, 1, 1);
      if (mfn < 0) {
        return false;
      }
      memory.clear(mfn << 12);
      int before = frames.length;
      frames = Arrays.copyOf(frames, before + 1);
      frames[before] = mfn;
      resize(frames.length * ENTRIES_IN_FRAME);
    }
    return count <= frames.length;
  }

  private void resize(int entries) {
    user = Arrays.copyOf(user, entries);
    readers = Arrays.copyOf(readers, entries);
    writers = Arrays.copyOf(writers, entries);
    javaReaders = Arrays.copyOf(javaReaders, entries);
    javaWriters = Arrays.copyOf(javaWriters, entries);
    frame = Arrays.copyOf(frame, entries);
  }

  /** Machine frame of a part of the table, -1 if there is none. */
  long frame(int index) {
    return index >= 0 && index < frames.length ? frames[index] : -1;
  }

  private long entry(int ref) {
    return (frames[ref / ENTRIES_IN_FRAME] << 12) + (long) (ref % ENTRIES_IN_FRAME) * GrantEntryV1.SIZE;
  }

  /** Machine address of an entry; -1 if the table has none of that number. */
  long address(int ref) {
    return ref >= 0 && ref < frames.length * ENTRIES_IN_FRAME ? entry(ref) : -1;
  }

  /** Fills an entry as its domain would: what it is for last. */
  void grant(int ref, int domid, long gfn) {
    long entry = entry(ref);
    memory.write32(entry + GrantEntryV1.FRAME, (int) gfn);
    memory.write16(entry + GrantEntryV1.DOMID, (short) domid);
    memory.write16(entry + GrantEntryV1.FLAGS, (short) GTF_permit_access);
  }

  /** Swaps two entries that nobody uses. */
  void swap(int a, int b) {
    long kept = memory.read64(entry(a));
    memory.write64(entry(a), memory.read64(entry(b)));
    memory.write64(entry(b), kept);
  }

  // ---- Uses

  boolean used(int ref) {
    return readers[ref] != 0 || writers[ref] != 0;
  }

  int uses() {
    return uses;
  }

  /** Some of an entry's flags, as its domain has them now. */
  int flags(int ref, int mask) {
    return memory.read16(entry(ref)) & mask;
  }

  /** The frame of an entry that is in use. */
  long mfn(int ref) {
    return frame[ref];
  }

  /** Whether a domain uses that frame through this table. */
  boolean uses(int serial, long mfn) {
    for (int ref = 0; uses > 0 && ref < readers.length; ref++) {
      if (frame[ref] == mfn && user[ref] == serial && used(ref)) {
        return true;
      }
    }
    return false;
  }

  /** Who uses a frame by this table. @param serial of the domain whose it is */
  List<GrantUse> usesOf(int serial, long mfn) {
    return uses == 0 ? List.of() : IntStream.range(0, readers.length).filter(ref -> frame[ref] == mfn && used(ref)).mapToObj(
        ref -> new GrantUse(serial, ref, user[ref])).toList();
  }

  /**
   * A domain begins to use an entry. The entry's flags say so before its frame is looked up, so that its domain can't change
   * it unseen.
   *
   * @param copy whether it is for a copy only
   * @return GNTST_okay or another status
   */
  int use(Domain granter, Domain mapper, int ref, boolean readOnly, boolean copy) {
    if (!has(ref)) {
      return GNTST_bad_gntref;
    }
    boolean used = used(ref);
    if (used && (user[ref] != mapper.serial() || (readOnly ? readers : writers)[ref] >= MOST_USES)) {
      return GNTST_general_error;
    }
    if (!used || !readOnly && writers[ref] == 0) {
      int status = mark(ref, used, mapper.id(), readOnly, copy);
      if (status != GNTST_okay) {
        return status;
      }
      if (!used) {
        long mfn = lookUp(granter, memory.read32(entry(ref) + GrantEntryV1.FRAME) & 0xFFFF_FFFFL, readOnly);
        if (mfn < 0) {
          unmark(ref, readOnly);
          return GNTST_bad_page;
        }
        user[ref] = mapper.serial();
        frame[ref] = mfn;
      }
    }
    (readOnly ? readers : writers)[ref]++;
    uses++;
    heap.hold(frame[ref]);
    return GNTST_okay;
  }

  private int mark(int ref, boolean used, int domid, boolean readOnly, boolean copy) {
    long entry = entry(ref);
    int header = memory.read32(entry);
    int mask = GTF_type_mask | (copy ? 0 : GTF_sub_page);
    if (!used && ((header & mask) != GTF_permit_access || header >>> DOMID_SHIFT != domid)
        || !readOnly && (header & GTF_readonly) != 0) {
      return GNTST_general_error;
    }
    memory.write32(entry, header | GTF_reading | (readOnly ? 0 : GTF_writing));
    return GNTST_okay;
  }

  private void unmark(int ref, boolean readOnly) {
    int ended = (used(ref) ? 0 : GTF_reading) | (!readOnly && writers[ref] == 0 ? GTF_writing : 0);
    if (ended != 0 && !orphaned) {
      long entry = entry(ref);
      memory.write16(entry, (short) (memory.read16(entry) & ~ended));
    }
  }

  /** The machine frame behind a granter's guest frame; -1 unless that is RAM of its own, which may be written if need be. */
  private long lookUp(Domain granter, long gfn, boolean readOnly) {
    PageType type = p2m.type(granter, gfn);
    if (type != PageType.RAM && !(readOnly && type == PageType.RAM_READ_ONLY)) {
      return -1;
    }
    long machine = p2m.translate(granter, gfn << 12, !readOnly);
    return machine != -1 && heap.owner(machine >>> 12) == granter.serial() ? machine >>> 12 : -1;
  }

  /** One use of an entry ends. */
  void end(int ref, boolean readOnly) {
    short[] counts = readOnly ? readers : writers;
    if (has(ref) && counts[ref] > 0) {
      counts[ref]--;
      uses--;
      heap.drop(frame[ref]);
      unmark(ref, readOnly);
    }
  }

  /** {@link #use} by Java in a domain's name. */
  int useByJava(Domain granter, Domain mapper, int ref, boolean readOnly) {
    int status = use(granter, mapper, ref, readOnly, false);
    if (status == GNTST_okay) {
      (readOnly ? javaReaders : javaWriters)[ref]++;
    }
    return status;
  }

  /** {@link #end} of what Java uses in a domain's name. @return whether there was such a use */
  boolean endByJava(int serial, int ref, boolean readOnly) {
    short[] counts = readOnly ? javaReaders : javaWriters;
    if (!has(ref) || counts[ref] == 0 || user[ref] != serial) {
      return false;
    }
    counts[ref]--;
    end(ref, readOnly);
    return true;
  }

  /** Ends all that Java uses in a domain's name. */
  void endAllByJava(int serial) {
    for (int ref = 0; uses > 0 && ref < readers.length; ref++) {
      while (endByJava(serial, ref, true) || endByJava(serial, ref, false)) {
        // One more of them.
      }
    }
  }

  /** Its domain is gone: the shared table too; what is in use stays so. */
  void orphan() {
    for (long mfn : frames) {
      heap.free(FrameHeap.HYPERVISOR, mfn);
    }
    frames = new long[0];
    orphaned = true;
  }

  // ---- State

  void save(DataOutputStream out) throws IOException {
    out.writeBoolean(orphaned);
    out.writeInt(frames.length);
    for (long mfn : frames) {
      out.writeLong(mfn);
    }
    out.writeInt(readers.length);
    for (int ref = 0; ref < readers.length; ref++) {
      if (used(ref)) {
        out.writeInt(ref);
        out.writeInt(user[ref]);
        out.writeShort(readers[ref]);
        out.writeShort(writers[ref]);
        out.writeShort(javaReaders[ref]);
        out.writeShort(javaWriters[ref]);
        out.writeLong(frame[ref]);
      }
    }
    out.writeInt(-1);
  }

  void restore(DataInputStream in) throws IOException {
    orphaned = in.readBoolean();
    int count = in.readInt();
    if (count < 0 || count > MOST_FRAMES) {
      throw new IOException("a table of " + count + " frames");
    }
    frames = new long[count];
    for (int i = 0; i < count; i++) {
      frames[i] = in.readLong();
    }
    int entries = in.readInt();
    if (entries < count * ENTRIES_IN_FRAME || entries > MOST_FRAMES * ENTRIES_IN_FRAME) {
      throw new IOException("a table of " + entries + " entries in " + count + " frames");
    }
    resize(0);
    resize(entries);
    uses = 0;
    for (int ref = in.readInt(); ref >= 0; ref = in.readInt()) {
      if (ref >= entries) {
        throw new IOException("entry " + ref + " of " + entries);
      }
      user[ref] = in.readInt();
      readers[ref] = in.readShort();
      writers[ref] = in.readShort();
      javaReaders[ref] = in.readShort();
      javaWriters[ref] = in.readShort();
      frame[ref] = in.readLong();
      uses += readers[ref] + writers[ref];
    }
  }
}
