// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

/** Numbers of a controller, and of a namespace. */
final class NvmeHost {
  static final int PCI = 0;
  /** Bytes from one doorbell to the next. */
  static final int STRIDE = 1;
  /** Address of its pages. */
  static final int PAGES_AT = 2;
  static final int BROKEN = 3;
  static final int EVENT = 4;
  /** Pages of data that a command may have. */
  static final int MOST_DATA = 5;
  /** Microseconds until it must be ready. */
  static final int PATIENCE = 6;
  /** Whether the last command was refused. */
  static final int REFUSED = 7;
  /** Of each of the two queues: next slot of submission, of completion, the phase that is new, commands so far, whether one is under way. */
  static final int QUEUES = 8;
  static final int PER_QUEUE = 5;
  static final int NUMBERS = QUEUES + 2 * PER_QUEUE;

  static final int TAIL = 0;
  static final int HEAD = 1;
  static final int PHASE = 2;
  static final int COUNT = 3;
  static final int OPEN = 4;

  // Of a namespace.
  static final int CONTROLLER = 0;
  static final int NAMESPACE = 1;
  static final int NAMESPACE_NUMBERS = 2;

  static final int PAGE = 4096;
  /** Slots of a queue. */
  static final int SLOTS = 16;
  private static final int IDENTITY = 4;
  private static final int LIST = 5;
  private static final int DATA = 6;
  static final int DATA_PAGES = 64;
  static final int PAGES = DATA + DATA_PAGES;

  private NvmeHost() {}

  static long submission(long[] host, int queue) {
    return host[PAGES_AT] + 2L * queue * PAGE;
  }

  static long completion(long[] host, int queue) {
    return submission(host, queue) + PAGE;
  }

  static long identity(long[] host) {
    return host[PAGES_AT] + IDENTITY * PAGE;
  }

  /** The list of the data's pages but the first. */
  static long list(long[] host) {
    return host[PAGES_AT] + LIST * PAGE;
  }

  static long data(long[] host) {
    return host[PAGES_AT] + DATA * PAGE;
  }
}
