// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/**
 * Code of checksums: CRC-32C by the host's instruction, CRC-32 by two products of polynomials for 32 bits (Barrett's reduction). Source: Arm ARM DDI 0487,
 * C6.2; Intel SDM, volume 2; V. Gopal et al., Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction (Intel, 2009), for the constants.
 */
final class ChecksumCode implements CodeTable.Emitter {
  private static final int HOST = 0;
  private static final int PRODUCTS = 1;
  /** The polynomial 104C11DB7h and the quotient of x^64 by it, bits in reverse. */
  private static final long POLYNOMIAL = 0x1_DB71_0641L;
  private static final long QUOTIENT = 0x1_F701_1641L;

  private final X64 code;
  private final X64Vectors vectors;
  private final GuestRegisters registers;

  ChecksumCode(X64 code, X64Vectors vectors, GuestRegisters registers) {
    this.code = code;
    this.vectors = vectors;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, HOST, Insn.CRC32C);
    table.put(this, PRODUCTS, Insn.CRC32);
  }

  @Override
  public void emit(int operation, int word, int at) {
    int size = word >>> 10 & 3;
    int data = GuestRegisters.orZero(Fields.rm(word));
    registers.copy(false, X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
    if (operation == HOST) {
      code.checksum(size, X64.RAX, registers.source(data, X64.RCX));
    } else if (size < 2) {
      narrow(8 << size, data);
    } else {
      registers.apply(X64.XOR, false, X64.RAX, data);
      reduce();
      if (size == 3) {
        registers.load(true, X64.RCX, data);
        code.shift(X64.SHR, true, X64.RCX, 32);
        code.arithmetic(X64.XOR, false, X64.RAX, X64.RCX);
        reduce();
      }
    }
    registers.set(GuestRegisters.orZero(Fields.rd(word)), X64.RAX);
  }

  /** Fewer bits than the sum has: those of it that meet none of the data are moved down. */
  private void narrow(int bits, int data) {
    code.move(false, X64.RDX, X64.RAX);
    code.shift(X64.SHR, false, X64.RDX, bits);
    registers.apply(X64.XOR, false, X64.RAX, data);
    code.shift(X64.SHL, false, X64.RAX, 32 - bits);
    reduce();
    code.arithmetic(X64.XOR, false, X64.RAX, X64.RDX);
  }

  /** EAX becomes the remainder of itself times x^32. Takes XMM0, XMM1 and RCX. */
  private void reduce() {
    vectors.fromGeneral(false, 0, X64.RAX);
    times(QUOTIENT);
    vectors.toGeneral(false, X64.RAX, 0);
    vectors.fromGeneral(false, 0, X64.RAX);
    times(POLYNOMIAL);
    vectors.toGeneral(true, X64.RAX, 0);
    code.shift(X64.SHR, true, X64.RAX, 32);
  }

  private void times(long factor) {
    code.constant(X64.RCX, factor);
    vectors.fromGeneral(true, 1, X64.RCX);
    vectors.registers(X64Vectors.POLYNOMIAL, 0, 1, 0);
  }
}
