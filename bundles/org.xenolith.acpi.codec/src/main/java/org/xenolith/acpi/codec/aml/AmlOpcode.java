// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.util.List;

/** The operators of AML with what each is followed by (ACPI 6.5, 20.2.5 and 20.3); those of literal values are {@link AmlTerm}'s. */
public enum AmlOpcode {
  ALIAS(0x06, AmlBody.NONE, AmlOperand.NAME, AmlOperand.NAME),
  NAME(0x08, AmlBody.NONE, AmlOperand.NAME, AmlOperand.TERM),
  SCOPE(0x10, AmlBody.TERMS, AmlOperand.NAME),
  BUFFER(0x11, AmlBody.BYTES, AmlOperand.TERM),
  PACKAGE(0x12, AmlBody.ELEMENTS, AmlOperand.BYTE),
  VAR_PACKAGE(0x13, AmlBody.ELEMENTS, AmlOperand.TERM),
  METHOD(0x14, AmlBody.BYTES, AmlOperand.NAME, AmlOperand.BYTE),
  EXTERNAL(0x15, AmlBody.NONE, AmlOperand.NAME, AmlOperand.BYTE, AmlOperand.BYTE),
  MUTEX(0x5b01, AmlBody.NONE, AmlOperand.NAME, AmlOperand.BYTE),
  EVENT(0x5b02, AmlBody.NONE, AmlOperand.NAME),
  COND_REF_OF(0x5b12, AmlBody.NONE, AmlOperand.TARGET, AmlOperand.TARGET),
  CREATE_FIELD(0x5b13, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.NAME),
  LOAD_TABLE(0x5b1f, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TERM),
  LOAD(0x5b20, AmlBody.NONE, AmlOperand.NAME, AmlOperand.TARGET),
  STALL(0x5b21, AmlBody.NONE, AmlOperand.TERM),
  SLEEP(0x5b22, AmlBody.NONE, AmlOperand.TERM),
  ACQUIRE(0x5b23, AmlBody.NONE, AmlOperand.TARGET, AmlOperand.WORD),
  SIGNAL(0x5b24, AmlBody.NONE, AmlOperand.TARGET),
  WAIT(0x5b25, AmlBody.NONE, AmlOperand.TARGET, AmlOperand.TERM),
  RESET(0x5b26, AmlBody.NONE, AmlOperand.TARGET),
  RELEASE(0x5b27, AmlBody.NONE, AmlOperand.TARGET),
  FROM_BCD(0x5b28, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  TO_BCD(0x5b29, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  REVISION(0x5b30, AmlBody.NONE),
  DEBUG(0x5b31, AmlBody.NONE),
  FATAL(0x5b32, AmlBody.NONE, AmlOperand.BYTE, AmlOperand.DWORD, AmlOperand.TERM),
  TIMER(0x5b33, AmlBody.NONE),
  OPERATION_REGION(0x5b80, AmlBody.NONE, AmlOperand.NAME, AmlOperand.BYTE, AmlOperand.TERM, AmlOperand.TERM),
  FIELD(0x5b81, AmlBody.FIELDS, AmlOperand.NAME, AmlOperand.BYTE),
  DEVICE(0x5b82, AmlBody.TERMS, AmlOperand.NAME),
  PROCESSOR(0x5b83, AmlBody.TERMS, AmlOperand.NAME, AmlOperand.BYTE, AmlOperand.DWORD, AmlOperand.BYTE),
  POWER_RESOURCE(0x5b84, AmlBody.TERMS, AmlOperand.NAME, AmlOperand.BYTE, AmlOperand.WORD),
  THERMAL_ZONE(0x5b85, AmlBody.TERMS, AmlOperand.NAME),
  INDEX_FIELD(0x5b86, AmlBody.FIELDS, AmlOperand.NAME, AmlOperand.NAME, AmlOperand.BYTE),
  BANK_FIELD(0x5b87, AmlBody.FIELDS, AmlOperand.NAME, AmlOperand.NAME, AmlOperand.TERM, AmlOperand.BYTE),
  DATA_REGION(0x5b88, AmlBody.NONE, AmlOperand.NAME, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TERM),
  LOCAL_0(0x60, AmlBody.NONE),
  LOCAL_1(0x61, AmlBody.NONE),
  LOCAL_2(0x62, AmlBody.NONE),
  LOCAL_3(0x63, AmlBody.NONE),
  LOCAL_4(0x64, AmlBody.NONE),
  LOCAL_5(0x65, AmlBody.NONE),
  LOCAL_6(0x66, AmlBody.NONE),
  LOCAL_7(0x67, AmlBody.NONE),
  ARG_0(0x68, AmlBody.NONE),
  ARG_1(0x69, AmlBody.NONE),
  ARG_2(0x6a, AmlBody.NONE),
  ARG_3(0x6b, AmlBody.NONE),
  ARG_4(0x6c, AmlBody.NONE),
  ARG_5(0x6d, AmlBody.NONE),
  ARG_6(0x6e, AmlBody.NONE),
  STORE(0x70, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  REF_OF(0x71, AmlBody.NONE, AmlOperand.TARGET),
  ADD(0x72, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  CONCATENATE(0x73, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  SUBTRACT(0x74, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  INCREMENT(0x75, AmlBody.NONE, AmlOperand.TARGET),
  DECREMENT(0x76, AmlBody.NONE, AmlOperand.TARGET),
  MULTIPLY(0x77, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  DIVIDE(0x78, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET, AmlOperand.TARGET),
  SHIFT_LEFT(0x79, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  SHIFT_RIGHT(0x7a, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  AND(0x7b, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  NAND(0x7c, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  OR(0x7d, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  NOR(0x7e, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  XOR(0x7f, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  NOT(0x80, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  FIND_SET_LEFT_BIT(0x81, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  FIND_SET_RIGHT_BIT(0x82, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  DEREF_OF(0x83, AmlBody.NONE, AmlOperand.TERM),
  CONCATENATE_RESOURCES(0x84, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  MODULO(0x85, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  NOTIFY(0x86, AmlBody.NONE, AmlOperand.TARGET, AmlOperand.TERM),
  SIZE_OF(0x87, AmlBody.NONE, AmlOperand.TARGET),
  INDEX(0x88, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  MATCH(0x89, AmlBody.NONE, AmlOperand.TERM, AmlOperand.BYTE, AmlOperand.TERM, AmlOperand.BYTE, AmlOperand.TERM, AmlOperand.TERM),
  CREATE_DWORD_FIELD(0x8a, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.NAME),
  CREATE_WORD_FIELD(0x8b, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.NAME),
  CREATE_BYTE_FIELD(0x8c, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.NAME),
  CREATE_BIT_FIELD(0x8d, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.NAME),
  OBJECT_TYPE(0x8e, AmlBody.NONE, AmlOperand.TARGET),
  CREATE_QWORD_FIELD(0x8f, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.NAME),
  LOGICAL_AND(0x90, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM),
  LOGICAL_OR(0x91, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM),
  LOGICAL_NOT(0x92, AmlBody.NONE, AmlOperand.TERM),
  LOGICAL_EQUAL(0x93, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM),
  LOGICAL_GREATER(0x94, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM),
  LOGICAL_LESS(0x95, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM),
  TO_BUFFER(0x96, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  TO_DECIMAL_STRING(0x97, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  TO_HEX_STRING(0x98, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  TO_INTEGER(0x99, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  TO_STRING(0x9c, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  COPY_OBJECT(0x9d, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TARGET),
  MID(0x9e, AmlBody.NONE, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TERM, AmlOperand.TARGET),
  CONTINUE(0x9f, AmlBody.NONE),
  IF(0xa0, AmlBody.TERMS, AmlOperand.TERM),
  ELSE(0xa1, AmlBody.TERMS),
  WHILE(0xa2, AmlBody.TERMS, AmlOperand.TERM),
  NO_OPERATION(0xa3, AmlBody.NONE),
  RETURN(0xa4, AmlBody.NONE, AmlOperand.TERM),
  BREAK(0xa5, AmlBody.NONE),
  BREAK_POINT(0xcc, AmlBody.NONE);

  /** First byte of an operator of two. */
  static final int EXTENDED = 0x5b;
  private static final AmlOpcode[] PLAIN = new AmlOpcode[256];
  private static final AmlOpcode[] LONG = new AmlOpcode[256];

  static {
    for (AmlOpcode opcode : values()) {
      AmlOpcode[] table = opcode.code >>> 8 == EXTENDED ? LONG : PLAIN;
      if (table[opcode.code & 0xff] != null) {
        throw new IllegalStateException(opcode + " and " + table[opcode.code & 0xff] + " have one code");
      }
      table[opcode.code & 0xff] = opcode;
    }
  }

  private final int code;
  private final AmlBody body;
  private final List<AmlOperand> operands;

  AmlOpcode(int code, AmlBody body, AmlOperand... operands) {
    this.code = code;
    this.body = body;
    this.operands = List.of(operands);
  }

  /** One byte, or two with 0x5b before. */
  public int code() {
    return code;
  }

  AmlBody body() {
    return body;
  }

  List<AmlOperand> operands() {
    return operands;
  }

  /** Whether it opens a scope: names in it are below its own. */
  public boolean isScope() {
    return body == AmlBody.TERMS && !operands.isEmpty() && operands.getFirst() == AmlOperand.NAME;
  }

  /** Whether its first operand is the name of an object that it makes. */
  public boolean makesObject() {
    return switch (this) {
      case NAME, METHOD, MUTEX, EVENT, OPERATION_REGION, DATA_REGION, DEVICE, PROCESSOR, POWER_RESOURCE, THERMAL_ZONE -> true;
      default -> false;
    };
  }

  /** The operator of one byte, or behind 0x5b; null: there is none. */
  static AmlOpcode of(boolean extended, int code) {
    return (extended ? LONG : PLAIN)[code];
  }
}
