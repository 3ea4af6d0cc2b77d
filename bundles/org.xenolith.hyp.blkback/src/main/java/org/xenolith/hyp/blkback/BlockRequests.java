// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.EventLog;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.BlkifRequest;
import org.xenolith.xen.abi.BlkifRequestDiscard;
import org.xenolith.xen.abi.BlkifRequestIndirect;
import org.xenolith.xen.abi.BlkifSegment;
import org.xenolith.xen.abi.BlockInterface;

/**
 * Executes requests of block rings, one after the other and whole, with buffers that are used again. Nothing of what a request
 * says is read from the guest's memory twice.
 */
final class BlockRequests {
  /** Most segments of an indirect request. */
  static final int MOST_SEGMENTS = 256;
  private static final int PAGE = 4096;
  /** Sectors in a page. */
  private static final int PAGE_SECTORS = PAGE / BlockDevice.SECTOR;

  private final GrantsPort grants;
  private final MachineMemory memory;
  private final EventLog log;
  private final String instance;

  private final AbiBytes slot = new AbiBytes(new byte[BlkifRequest.SIZE]);
  private final BlkifRequest request = new BlkifRequest();
  private final BlkifRequestIndirect indirect = new BlkifRequestIndirect();
  private final BlkifRequestDiscard discard = new BlkifRequestDiscard();
  private final BlkifSegment segment = new BlkifSegment();
  private final byte[] table = new byte[MOST_SEGMENTS * BlkifSegment.SIZE];
  private final AbiBytes tableView = new AbiBytes(table);
  /** What is on its way between memory and disk. */
  private final byte[] data = new byte[MOST_SEGMENTS * PAGE];
  private final long[] pages = new long[MOST_SEGMENTS];
  private final int[] references = new int[MOST_SEGMENTS];
  /** Whether a page is to be unmapped when the request is done, and how it was mapped. */
  private final boolean[] borrowed = new boolean[MOST_SEGMENTS];
  private final boolean[] readOnly = new boolean[MOST_SEGMENTS];

  private BlockConnection connection;
  private Domain service;
  private Domain domain;
  private BlockDevice disk;
  private int mapped;
  /** Sectors that the last request moved, or pages that it had mapped. */
  private int worked;

  BlockRequests(GrantsPort grants, MachineMemory memory, EventLog log, String instance) {
    this.grants = grants;
    this.memory = memory;
    this.log = log;
    this.instance = instance;
    request.at(slot, 0);
    indirect.at(slot, 0);
    discard.at(slot, 0);
  }

  /** Says whose requests follow. @param newDisk null if it isn't there */
  void of(BlockConnection newConnection, Domain newService, Domain newDomain, BlockDevice newDisk) {
    connection = newConnection;
    service = newService;
    domain = newDomain;
    disk = newDisk;
  }

  /** Executes the next request of the ring and answers it. @return sectors moved; of one that failed the pages that were mapped for it */
  int next() {
    connection.take(slot);
    worked = 0;
    int operation = request.operation();
    int status;
    if (operation == BlockInterface.BLKIF_OP_INDIRECT) {
      // The answer names the operation inside.
      operation = indirect.indirectOp();
      status = indirect(operation);
    } else {
      status = switch (operation) {
        case BlockInterface.BLKIF_OP_READ, BlockInterface.BLKIF_OP_WRITE, BlockInterface.BLKIF_OP_WRITE_BARRIER,
            BlockInterface.BLKIF_OP_FLUSH_DISKCACHE -> direct(operation);
        case BlockInterface.BLKIF_OP_DISCARD -> discard();
        default -> BlockInterface.BLKIF_RSP_EOPNOTSUPP;
      };
    }
    connection.answer(request.id(), operation, status);
    return worked;
  }

  // ---- Kinds of requests

  private int direct(int operation) {
    int count = request.nrSegments();
    boolean flushes = operation == BlockInterface.BLKIF_OP_FLUSH_DISKCACHE
        || operation == BlockInterface.BLKIF_OP_WRITE_BARRIER;
    if (count > BlockInterface.BLKIF_MAX_SEGMENTS_PER_REQUEST || count == 0 && !flushes) {
      return bad("a request of " + count + " segments");
    }
    for (int i = 0; i < count * BlkifSegment.SIZE; i += Long.BYTES) {
      tableView.write64(i, slot.read64(BlkifRequest.SEG + i));
    }
    return transfer(operation, request.sectorNumber(), count);
  }

  private int indirect(int operation) {
    int count = indirect.nrSegments();
    if (operation != BlockInterface.BLKIF_OP_READ && operation != BlockInterface.BLKIF_OP_WRITE) {
      return bad("an indirect request for operation " + operation);
    }
    if (count == 0 || count > MOST_SEGMENTS) {
      return bad("an indirect request of " + count + " segments");
    }
    begin();
    try {
      // A page has room for twice as many segments as we allow: there is only one.
      if (!map(indirect.indirectGrefs(0), true)) {
        return BlockInterface.BLKIF_RSP_ERROR;
      }
      memory.read(pages[0], table, 0, count * BlkifSegment.SIZE);
    } finally {
      end();
    }
    return transfer(operation, indirect.sectorNumber(), count);
  }

  private int discard() {
    if (connection.writable.value == 0 || (discard.flag() & BlockInterface.BLKIF_DISCARD_SECURE) != 0) {
      return BlockInterface.BLKIF_RSP_EOPNOTSUPP;
    }
    if (disk == null) {
      return missing();
    }
    long sector = discard.sectorNumber();
    long count = discard.nrSectors();
    if (outside(sector, count)) {
      return bad("a discard of " + Long.toUnsignedString(count) + " sectors from " + Long.toUnsignedString(sector) + " on");
    }
    try {
      disk.discard(sector, count);
      return BlockInterface.BLKIF_RSP_OKAY;
    } catch (IOException e) {
      return failed(e);
    }
  }

  /** Moves data as the table of segments says. */
  private int transfer(int operation, long sector, int count) {
    boolean writes = operation != BlockInterface.BLKIF_OP_READ;
    if (disk == null) {
      return missing();
    }
    int sectors = 0;
    for (int i = 0; i < count; i++) {
      segment.at(tableView, (long) i * BlkifSegment.SIZE);
      if (segment.lastSect() >= PAGE_SECTORS || segment.firstSect() > segment.lastSect()) {
        return bad("a segment from sector " + segment.firstSect() + " to " + segment.lastSect() + " of a page");
      }
      sectors += segment.lastSect() - segment.firstSect() + 1;
    }
    if (count > 0 && outside(sector, sectors)) {
      return bad("sectors from " + Long.toUnsignedString(sector) + " on, " + sectors + " of them");
    }
    if (writes && count > 0 && connection.writable.value == 0) {
      return bad("a write to a disk that is attached read-only");
    }
    begin();
    try {
      for (int i = 0; i < count; i++) {
        segment.at(tableView, (long) i * BlkifSegment.SIZE);
        if (!map(segment.gref(), writes)) {
          return BlockInterface.BLKIF_RSP_ERROR;
        }
      }
      if (writes) {
        write(operation, sector, count, sectors);
      } else {
        disk.read(sector, data, 0, sectors);
        copy(count, false);
      }
      worked = sectors;
      return BlockInterface.BLKIF_RSP_OKAY;
    } catch (IOException e) {
      return failed(e);
    } finally {
      end();
    }
  }

  /** A barrier keeps what comes before it and what comes after it apart; a flush may have data of its own. */
  private void write(int operation, long sector, int count, int sectors) throws IOException {
    if (operation != BlockInterface.BLKIF_OP_WRITE) {
      disk.flush();
    }
    if (count > 0) {
      copy(count, true);
      disk.write(sector, data, 0, sectors);
      if (operation == BlockInterface.BLKIF_OP_WRITE_BARRIER) {
        disk.flush();
      }
    }
  }

  private void copy(int count, boolean fromMemory) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      segment.at(tableView, (long) i * BlkifSegment.SIZE);
      long address = pages[i] + segment.firstSect() * BlockDevice.SECTOR;
      int length = (segment.lastSect() - segment.firstSect() + 1) * BlockDevice.SECTOR;
      if (fromMemory) {
        memory.read(address, data, at, length);
      } else {
        memory.write(address, data, at, length);
      }
      at += length;
    }
  }

  private boolean outside(long sector, long count) {
    return sector < 0 || count < 0 || sector > disk.sectors() || count > disk.sectors() - sector;
  }

  // ---- Pages

  private void begin() {
    mapped = 0;
    connection.kept.begin();
  }

  /** Maps the next page of the present request. */
  private boolean map(int reference, boolean toRead) {
    long page = connection.persistent.value != 0 ? keep(reference) : -1;
    borrowed[mapped] = page < 0;
    if (page < 0) {
      page = grants.map(service, domain, reference, toRead);
    }
    if (page < 0) {
      bad("grant " + Integer.toUnsignedString(reference) + ", which can't be mapped" + (toRead ? "" : " for writing") + ": status "
          + page);
      return false;
    }
    pages[mapped] = page;
    references[mapped] = reference;
    readOnly[mapped] = toRead;
    mapped++;
    return true;
  }

  /** The page of a grant that stays mapped, or -1 if it can't: no room, or not granted for writing. */
  private long keep(int reference) {
    PersistentGrants kept = connection.kept;
    long known = kept.use(reference);
    if (known >= 0) {
      return known;
    }
    int place = kept.place(reference);
    long page = place < 0 ? -1 : grants.map(service, domain, reference, false);
    if (page >= 0) {
      if (kept.taken(place)) {
        grants.unmap(service, domain, kept.reference(place), false);
      }
      kept.keep(place, reference, page);
    }
    return page;
  }

  private void end() {
    for (int i = 0; i < mapped; i++) {
      if (borrowed[i]) {
        grants.unmap(service, domain, references[i], readOnly[i]);
      }
    }
    worked = Math.max(worked, mapped);
    mapped = 0;
  }

  // ---- What goes wrong

  private String place() {
    return instance + " " + domain.name() + " " + connection.disk();
  }

  private int bad(String what) {
    log.report("block-request", place(), "the guest asked for " + what);
    return BlockInterface.BLKIF_RSP_ERROR;
  }

  private int missing() {
    log.report("disk-missing", place(), "the disk isn't there any more; attach it again: xl block-attach");
    return BlockInterface.BLKIF_RSP_ERROR;
  }

  private int failed(IOException e) {
    log.hostFailed("disk-error", place(), String.valueOf(e.getMessage())); // own words: what BlockDevice says
    return BlockInterface.BLKIF_RSP_ERROR;
  }
}
