// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/** Where queues are and how long, for who looks in: a driver says so by commands, so that no register has it (NVM Express 1.4, 5.3 and 5.4). */
final class QueueRegisters {
  /** What they are shown as. */
  static final String WINDOW = "queues";
  /** A submission queue's address, with its number behind; of a queue that isn't there the size is 0. */
  static final String SUBMISSION_BASE = "SQBASE";
  /** Its entries. */
  static final String SUBMISSION_SIZE = "SQSIZE";
  /** A completion queue's address. */
  static final String COMPLETION_BASE = "CQBASE";
  /** Its entries. */
  static final String COMPLETION_SIZE = "CQSIZE";
  private static final String REFERENCE = "NVM Express 1.4, 5.3 and 5.4";
  private static final int ROW = 8 * SubmissionQueues.QUEUES;
  private static final List<String> NAMES = List.of(SUBMISSION_BASE, SUBMISSION_SIZE, COMPLETION_BASE, COMPLETION_SIZE);

  private QueueRegisters() {}

  static void show(DeviceState state, SubmissionQueues submissions, CompletionQueues completions) {
    List<ListedRegister> all = NAMES.stream().flatMap(name -> Stream.iterate(0, each -> each + 1).limit(SubmissionQueues.QUEUES).map(
        queue -> ListedRegister.of(name + queue, NAMES.indexOf(name) * ROW + 8 * queue, 8, REFERENCE).saidBy(QueueRegisters.class)))
        .toList();
    state.shows(WINDOW, all, register -> {
      int queue = register.spec().offset() % ROW / 8;
      return OptionalLong.of(switch (NAMES.get(register.spec().offset() / ROW)) {
        case SUBMISSION_BASE -> submissions.base(queue);
        case SUBMISSION_SIZE -> submissions.size(queue);
        case COMPLETION_BASE -> completions.base(queue);
        default -> completions.size(queue);
      });
    });
  }
}
