// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

/** The commands of the admin queue (NVM Express 1.4, 5). Whatever a driver asks, the answer is a status, never an exception. */
final class AdminCommands {
  private static final int DELETE_SUBMISSION_QUEUE = 0x00;
  private static final int CREATE_SUBMISSION_QUEUE = 0x01;
  private static final int GET_LOG_PAGE = 0x02;
  private static final int DELETE_COMPLETION_QUEUE = 0x04;
  private static final int CREATE_COMPLETION_QUEUE = 0x05;
  private static final int IDENTIFY = 0x06;
  private static final int ABORT = 0x08;
  private static final int SET_FEATURES = 0x09;
  private static final int GET_FEATURES = 0x0A;
  private static final int ASYNCHRONOUS_EVENT_REQUEST = 0x0C;

  private final QueueCommands queues;
  private final Identify identify;
  private final NvmeFeatures features;
  private final LogPages logPages;
  private final AsyncEvents events;

  AdminCommands(QueueCommands queues, Identify identify, NvmeFeatures features, LogPages logPages, AsyncEvents events) {
    this.queues = queues;
    this.identify = identify;
    this.features = features;
    this.logPages = logPages;
    this.events = events;
  }

  /** Carries out a command. @return null if it is held: nothing is to be answered now */
  Status perform(NvmeCommand command) {
    if (!command.isPlain()) {
      return Status.INVALID_FIELD;
    }
    return switch (command.opcode()) {
      case DELETE_SUBMISSION_QUEUE -> queues.deleteSubmission(command);
      case CREATE_SUBMISSION_QUEUE -> queues.createSubmission(command);
      case GET_LOG_PAGE -> logPages.perform(command);
      case DELETE_COMPLETION_QUEUE -> queues.deleteCompletion(command);
      case CREATE_COMPLETION_QUEUE -> queues.createCompletion(command);
      case IDENTIFY -> identify.perform(command);
      case ABORT -> abort(command);
      case SET_FEATURES -> features.set(command);
      case GET_FEATURES -> features.get(command);
      case ASYNCHRONOUS_EVENT_REQUEST -> events.hold(command.id()) ? null : Status.TOO_MANY_EVENT_REQUESTS;
      default -> Status.INVALID_OPCODE;
    };
  }

  /** A command that was fetched is carried out already: none can be aborted. */
  private static Status abort(NvmeCommand command) {
    command.result = 1;
    return Status.SUCCESS;
  }
}
