// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

/** How a command ended (NVM Express 1.4, 4.6.1). */
enum Status {
  SUCCESS(0, 0x00, false),
  INVALID_OPCODE(0, 0x01, true),
  INVALID_FIELD(0, 0x02, true),
  DATA_TRANSFER_ERROR(0, 0x04, false),
  INTERNAL_ERROR(0, 0x06, false),
  INVALID_NAMESPACE(0, 0x0B, true),
  COMMAND_SEQUENCE_ERROR(0, 0x0C, true),
  PRP_OFFSET_INVALID(0, 0x13, true),
  WRITE_PROTECTED(0, 0x20, true),
  LBA_OUT_OF_RANGE(0, 0x80, true),
  COMPLETION_QUEUE_INVALID(1, 0x00, true),
  INVALID_QUEUE_IDENTIFIER(1, 0x01, true),
  INVALID_QUEUE_SIZE(1, 0x02, true),
  TOO_MANY_EVENT_REQUESTS(1, 0x05, true),
  INVALID_INTERRUPT_VECTOR(1, 0x08, true),
  INVALID_LOG_PAGE(1, 0x09, true),
  INVALID_QUEUE_DELETION(1, 0x0C, true),
  FEATURE_NOT_SAVEABLE(1, 0x0D, true),
  WRITE_FAULT(2, 0x80, false),
  UNRECOVERED_READ_ERROR(2, 0x81, false);

  /** As in a completion, without the phase: code 7:0, type 10:8, do not retry 14. */
  final int field;

  Status(int type, int code, boolean lasting) {
    field = code | type << 8 | (lasting ? 1 << 14 : 0);
  }
}
