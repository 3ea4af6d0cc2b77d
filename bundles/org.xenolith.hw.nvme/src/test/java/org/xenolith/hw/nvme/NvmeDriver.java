// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.testkit.FakeMemory;

/** What an operating system's driver does, in its order: see its tests for what it finds. */
final class NvmeDriver {
  static final int CAP = 0x00;
  static final int CC = 0x14;
  static final int CSTS = 0x1C;
  static final int AQA = 0x24;
  static final int ASQ = 0x28;
  static final int ACQ = 0x30;
  static final int DOORBELLS = 0x1000;
  static final int ENABLE = 4 << 20 | 6 << 16 | 1;
  static final int DELETE_SQ = 0;
  static final int CREATE_SQ = 1;
  static final int GET_LOG = 2;
  static final int DELETE_CQ = 4;
  static final int CREATE_CQ = 5;
  static final int IDENTIFY = 6;
  static final int SET_FEATURES = 9;
  static final int GET_FEATURES = 10;
  static final int EVENT_REQUEST = 12;
  static final int FLUSH = 0;
  static final int WRITE = 1;
  static final int READ = 2;
  /** Memory that no queue is in. */
  static final long DATA = FakeMemory.BASE + 0x10_0000;

  private final NvmeRig rig;
  private final DmaPort memory;
  private int nextId;
  private long nextPage = FakeMemory.BASE;
  Queue admin;

  /** An entry of a completion queue. */
  record Done(int result, int head, int queue, int id, int status) {}

  NvmeDriver(NvmeRig rig) {
    this.rig = rig;
    memory = rig.host.dma();
  }

  long pages(int count) {
    long at = nextPage;
    nextPage += 4096L * count;
    return at;
  }

  /** A pair of queues with the same number. */
  final class Queue {
    final int number;
    final int entries;
    final long submission;
    final long completion;
    int tail;
    int head;
    int phase = 1;

    Queue(int number, int entries) {
      this.number = number;
      this.entries = entries;
      submission = pages((entries * 64 + 4095) / 4096);
      completion = pages((entries * 16 + 4095) / 4096);
      memory.write(completion, new byte[entries * 16], 0, entries * 16);
    }

    /** Puts a command behind the others, without the doorbell. @return its identifier */
    int put(int opcode, int namespace, long prp1, long prp2, int... dwords) {
      byte[] zero = new byte[64];
      long at = submission + 64L * tail;
      int id = nextId++ & 0xFFFF;
      memory.write(at, zero, 0, 64);
      memory.write(at, 4, opcode | id << 16);
      memory.write(at + 4, 4, namespace);
      memory.write(at + 24, 8, prp1);
      memory.write(at + 32, 8, prp2);
      for (int i = 0; i < dwords.length; i++) {
        memory.write(at + 40 + 4L * i, 4, dwords[i]);
      }
      tail = (tail + 1) % entries;
      return id;
    }

    void ring() {
      rig.write(DOORBELLS + 8L * number, 4, tail);
    }

    /** The next completion, or null; the doorbell isn't rung. */
    Done take() {
      long at = completion + 16L * head;
      long low = memory.read(at, 8);
      long high = memory.read(at + 8, 8);
      if ((high >>> 48 & 1) != phase) {
        return null;
      }
      head = (head + 1) % entries;
      phase ^= head == 0 ? 1 : 0;
      return new Done((int) low, (int) high & 0xFFFF, (int) (high >>> 16) & 0xFFFF, (int) (high >>> 32) & 0xFFFF, (int) (high >>> 49));
    }

    void seen() {
      rig.write(DOORBELLS + 8L * number + 4, 4, head);
    }

    /** Submits a command and waits for its completion. */
    Done run(int opcode, int namespace, long prp1, long prp2, int... dwords) {
      int id = put(opcode, namespace, prp1, prp2, dwords);
      ring();
      assertNull(take(), "not before its time");
      rig.pass();
      Done done = take();
      assertNotNull(done, "no completion of opcode " + opcode);
      assertEquals(id, done.id);
      assertEquals(tail, done.head);
      seen();
      return done;
    }
  }

  /** Resets the controller and enables it with new admin queues. */
  Queue start(int entries) {
    rig.write(CC, 4, 0);
    assertEquals(0, rig.read(CSTS, 4) & 1);
    admin = new Queue(0, entries);
    rig.write(AQA, 4, entries - 1 << 16 | entries - 1);
    rig.write(ASQ, 8, admin.submission);
    rig.write(ACQ, 4, admin.completion);
    rig.write(ACQ + 4, 4, admin.completion >>> 32);
    rig.write(CC, 4, ENABLE);
    assertEquals(1, rig.read(CSTS, 4));
    return admin;
  }

  /** MSI-X with vector {@code n} at 0x8000000 + 16 n, data 0x100 + n. */
  void enableMessages() {
    rig.pci.enableMessages(0x2000, 9);
  }

  int msix() {
    return rig.pci.capability(0x11, 0);
  }

  int express() {
    return rig.pci.capability(0x10, 0);
  }

  /** Makes an I/O queue pair. */
  Queue createQueues(int number, int entries, int vector) {
    Queue queue = new Queue(number, entries);
    assertEquals(0, admin.run(CREATE_CQ, 0, queue.completion, 0, entries - 1 << 16 | number, vector << 16 | 3).status);
    assertEquals(0, admin.run(CREATE_SQ, 0, queue.submission, 0, entries - 1 << 16 | number, number << 16 | 1).status);
    return queue;
  }

  /** The status of an admin command. */
  int status(int opcode, int namespace, long prp1, int... dwords) {
    return admin.run(opcode, namespace, prp1, 0, dwords).status;
  }
}
