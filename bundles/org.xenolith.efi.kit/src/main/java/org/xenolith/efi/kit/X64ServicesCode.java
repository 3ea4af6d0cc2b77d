// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The code behind the pointers in EFI_RUNTIME_SERVICES of x86-64 guests (UEFI 2.10, 2.3.4.2): each function calls the hypervisor with the number of the service in RAX and its caller's arguments, which
 * its convention has in RCX, RDX, R8, R9 and on the stack, where a hypercall has them: RDI, RSI, RDX, R10, R8. The status comes back in RAX. Firmware that isn't there answers a negative
 * number below 4096, as an unknown hypercall is answered, for which the caller gets EFI_NOT_READY.
 */
final class X64ServicesCode {
  private static final byte[] BEFORE = {
      0x57, 0x56, // push rdi; push rsi
      0x48, (byte) 0x89, (byte) 0xCF, // mov rdi, rcx
      0x48, (byte) 0x89, (byte) 0xD6, // mov rsi, rdx
      0x4C, (byte) 0x89, (byte) 0xC2, // mov rdx, r8
      0x4D, (byte) 0x89, (byte) 0xCA, // mov r10, r9
      0x4C, (byte) 0x8B, 0x44, 0x24, 0x38, // mov r8, [rsp+56]
      (byte) 0xB8, // mov eax, number
  };
  private static final byte[] BEHIND = {
      0x0F, 0x01, (byte) 0xC1, // vmcall
      0x5E, 0x5F, // pop rsi; pop rdi
      0x48, 0x3D, 0x00, (byte) 0xF0, (byte) 0xFF, (byte) 0xFF, // cmp rax, -4096
      0x72, 0x0A, // jb over the next
      0x48, (byte) 0xB8, 0x06, 0, 0, 0, 0, 0, 0, (byte) 0x80, // mov rax, NOT_READY
      (byte) 0xC3, // ret
  };

  private X64ServicesCode() {}

  static byte[] bytes() {
    RuntimeFunction[] functions = RuntimeFunction.values();
    ByteBuffer out = ByteBuffer.allocate(functions.length * RuntimeServicesCode.BYTES_EACH).order(ByteOrder.LITTLE_ENDIAN);
    for (RuntimeFunction function : functions) {
      out.position(RuntimeServicesCode.offset(function));
      out.put(BEFORE).putInt(RuntimeServicesCode.FIRST_CALL + function.ordinal()).put(BEHIND);
    }
    return out.array();
  }
}
