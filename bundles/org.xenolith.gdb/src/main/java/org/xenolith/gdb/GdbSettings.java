// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.xenolith.command.api.BadInput;

/**
 * What the option {@code gdb} says: {@code [[HOST:]PORT][,halted][,halt-on-loss]}.
 *
 * @param address    where a debugger is waited for; of port 0, any that is free
 * @param halted     whether the machine waits for a debugger before its first instruction
 * @param haltOnLoss whether a machine whose debugger is gone without a word stays halted
 */
record GdbSettings(InetSocketAddress address, boolean halted, boolean haltOnLoss) {
  static final String OPTION = "gdb";
  static final String FORM = "[[HOST:]PORT][,halted][,halt-on-loss]";
  static final String HALTED = "halted";
  static final String ON_LOSS = "halt-on-loss";
  /** The usual port of such servers. */
  static final int PORT = 1234;
  private static final int MOST = 65535;

  /** @throws BadInput if it can't be meant */
  static GdbSettings of(String text) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT);
    boolean halted = false;
    boolean haltOnLoss = false;
    String[] words = text.split(",", -1);
    for (int i = 0; i < words.length; i++) {
      switch (words[i]) {
        case HALTED -> halted = true;
        case ON_LOSS -> haltOnLoss = true;
        case "" -> {
          if (i > 0 || words.length > 1) {
            throw refused(text);
          }
        }
        default -> {
          if (i > 0) {
            throw refused(text);
          }
          address = address(text, words[i]);
        }
      }
    }
    return new GdbSettings(address, halted, haltOnLoss);
  }

  private static InetSocketAddress address(String text, String word) {
    int colon = word.lastIndexOf(':');
    String port = word.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MOST || colon == 0) {
      throw refused(text);
    }
    try {
      return new InetSocketAddress(colon < 0 ? InetAddress.getLoopbackAddress() : InetAddress.getByName(word.substring(0, colon)), Integer
          .parseInt(port));
    } catch (UnknownHostException e) {
      throw BadInput.at(OPTION, text, "this computer knows no address of '" + word.substring(0, colon) + "'");
    }
  }

  private static BadInput refused(String text) {
    return BadInput.at(OPTION, text, "expected " + FORM + ", with a port of 0 to " + MOST + " (0 for any that is free)");
  }
}
