// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.function.BooleanSupplier;

/** Creating and deleting I/O queues (NVM Express 1.4, 5.3 to 5.6). */
final class QueueCommands {
  private static final int CONTIGUOUS = 1;
  private static final int INTERRUPTS = 2;

  private final SubmissionQueues submissions;
  private final CompletionQueues queues;
  private final NvmeCompletions completions;
  private final BooleanSupplier messages;
  private final BooleanSupplier entrySizes;

  /**
   * @param messages   whether there are vectors besides the first one
   * @param entrySizes whether the driver has set the sizes of entries to what they are
   */
  QueueCommands(SubmissionQueues submissions, CompletionQueues queues, NvmeCompletions completions, BooleanSupplier messages,
      BooleanSupplier entrySizes) {
    this.submissions = submissions;
    this.queues = queues;
    this.completions = completions;
    this.messages = messages;
    this.entrySizes = entrySizes;
  }

  private static int number(NvmeCommand command) {
    return command.dword(10) & 0xFFFF;
  }

  private static int entries(NvmeCommand command) {
    return (command.dword(10) >>> 16) + 1;
  }

  /** What creating any queue needs. */
  private Status check(NvmeCommand command, boolean exists) {
    int number = number(command);
    if (number == 0 || number >= SubmissionQueues.QUEUES || exists) {
      return Status.INVALID_QUEUE_IDENTIFIER;
    }
    if (entries(command) < 2 || entries(command) > SubmissionQueues.ENTRIES || !entrySizes.getAsBoolean()) {
      return Status.INVALID_QUEUE_SIZE;
    }
    if ((command.dword(11) & CONTIGUOUS) == 0) {
      return Status.INVALID_FIELD;
    }
    return (command.prp1() & HostData.PAGE - 1) == 0 ? Status.SUCCESS : Status.PRP_OFFSET_INVALID;
  }

  Status createCompletion(NvmeCommand command) {
    Status status = check(command, queues.exists(number(command)));
    if (status != Status.SUCCESS) {
      return status;
    }
    int vector = command.dword(11) >>> 16;
    if (vector >= (messages.getAsBoolean() ? Nvme.VECTORS : 1)) {
      return Status.INVALID_INTERRUPT_VECTOR;
    }
    queues.create(number(command), command.prp1(), entries(command), vector, (command.dword(11) & INTERRUPTS) != 0);
    return Status.SUCCESS;
  }

  Status createSubmission(NvmeCommand command) {
    Status status = check(command, submissions.exists(number(command)));
    if (status != Status.SUCCESS) {
      return status;
    }
    int to = command.dword(11) >>> 16;
    if (to == 0 || to >= SubmissionQueues.QUEUES) {
      return Status.INVALID_QUEUE_IDENTIFIER;
    }
    if (!queues.exists(to)) {
      return Status.COMPLETION_QUEUE_INVALID;
    }
    submissions.create(number(command), command.prp1(), entries(command), to);
    return Status.SUCCESS;
  }

  Status deleteSubmission(NvmeCommand command) {
    int number = number(command);
    if (number == 0 || !submissions.exists(number)) {
      return Status.INVALID_QUEUE_IDENTIFIER;
    }
    completions.drop(number);
    submissions.delete(number);
    return Status.SUCCESS;
  }

  Status deleteCompletion(NvmeCommand command) {
    int number = number(command);
    if (number == 0 || !queues.exists(number)) {
      return Status.INVALID_QUEUE_IDENTIFIER;
    }
    if (submissions.anyTo(number)) {
      return Status.INVALID_QUEUE_DELETION;
    }
    queues.delete(number);
    return Status.SUCCESS;
  }
}
