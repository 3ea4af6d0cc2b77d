// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

/** What has the host go on somewhere else, and its stack. Source: Intel SDM, volume 2. */
public class X64Jumps extends X64Moves {
  /** Jumps to {@link #patchJump}'s place. Returns where that is kept. */
  public int jump() {
    byteOf(0xE9);
    intOf(0);
    return at() - 4;
  }

  /** Jumps to a place. */
  public void jumpTo(int place) {
    byteOf(0xE9);
    intOf(place - at() - 4);
  }

  /** Calls a place. */
  public void callTo(int place) {
    byteOf(0xE8);
    intOf(place - at() - 4);
  }

  /** Jumps under a condition to the place that {@link #patchJump} gives. Returns where that is kept. */
  public int jumpIf(int condition) {
    byteOf(0x0F);
    byteOf(0x80 | condition);
    intOf(0);
    return at() - 4;
  }

  /** Jumps to a place under a condition. */
  public void jumpIfTo(int condition, int place) {
    byteOf(0x0F);
    byteOf(0x80 | condition);
    intOf(place - at() - 4);
  }

  /** A jump of at most 127 bytes forward; {@link #patchShort} says where to. */
  public int jumpShortIf(int condition) {
    byteOf(0x70 | condition);
    byteOf(0);
    return at() - 1;
  }

  /** The same without a condition. */
  public int jumpShort() {
    byteOf(0xEB);
    byteOf(0);
    return at() - 1;
  }

  /** Jumps to the address in a register. */
  public void jumpRegister(int register) {
    rex(false, 0, 0, register);
    byteOf(0xFF);
    modRegister(4, register);
  }

  /** PUSH. */
  public void push(int register) {
    rex(false, 0, 0, register);
    byteOf(0x50 | register & 7);
  }

  /** POP. */
  public void pop(int register) {
    rex(false, 0, 0, register);
    byteOf(0x58 | register & 7);
  }

  /** RET. */
  public void returnToCaller() {
    byteOf(0xC3);
  }
}
