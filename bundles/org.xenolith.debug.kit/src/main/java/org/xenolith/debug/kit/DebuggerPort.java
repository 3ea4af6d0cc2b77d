// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.OptionName;

/**
 * What an option says that has a debugger waited for: {@code [[HOST:]PORT][,halted][,halt-on-loss]}.
 *
 * @param option     its name
 * @param text       as it was said
 * @param address    where a debugger is waited for; of port 0, any that is free
 * @param halted     whether the machine waits for a debugger before its first instruction
 * @param haltOnLoss whether a machine whose debugger is gone without a word stays halted
 */
public record DebuggerPort(String option, String text, InetSocketAddress address, boolean halted, boolean haltOnLoss) {
  /** How the text is made, for people. */
  public static final String FORM = "[[HOST:]PORT][,halted][,halt-on-loss]";
  /** The word for a machine that waits. */
  public static final String HALTED = "halted";
  /** The word for a machine that stays halted. */
  public static final String ON_LOSS = "halt-on-loss";
  private static final int MOST = 65535;

  /**
   * What a text says.
   *
   * @param option its name
   * @param usual  the port if none is said; of this computer alone
   * @throws BadInput if it can't be meant
   */
  public static DebuggerPort of(String option, int usual, String text) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), usual);
    boolean halted = false;
    boolean haltOnLoss = false;
    String[] words = text.split(",", -1);
    for (int i = 0; i < words.length; i++) {
      switch (words[i]) {
        case HALTED -> halted = true;
        case ON_LOSS -> haltOnLoss = true;
        case "" -> {
          if (i > 0 || words.length > 1) {
            throw refused(option, text);
          }
        }
        default -> {
          if (i > 0) {
            throw refused(option, text);
          }
          address = address(option, text, words[i]);
        }
      }
    }
    return new DebuggerPort(option, text, address, halted, haltOnLoss);
  }

  private static InetSocketAddress address(String option, String text, String word) {
    int colon = word.lastIndexOf(':');
    String port = word.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MOST || colon == 0) {
      throw refused(option, text);
    }
    try {
      return new InetSocketAddress(colon < 0 ? InetAddress.getLoopbackAddress() : InetAddress.getByName(word.substring(0, colon)), Integer
          .parseInt(port));
    } catch (UnknownHostException e) {
      throw BadInput.at(option, text, "this computer knows no address of '" + word.substring(0, colon) + "'");
    }
  }

  private static BadInput refused(String option, String text) {
    return BadInput.at(option, text, "expected " + FORM + ", with a port of 0 to " + MOST + " (0 for any that is free)");
  }

  /**
   * Waits there from now on.
   *
   * @throws BadInput if it can't be: who has the port, and another one is the remedy
   */
  public ServerSocket listen() {
    try {
      ServerSocket server = new ServerSocket();
      try {
        server.bind(address);
      } catch (IOException e) {
        server.close();
        throw e;
      }
      return server;
    } catch (IOException e) {
      throw BadInput.at(option, text, "nobody can be waited for at " + address.getAddress().getHostAddress() + ", port " + address.getPort()
          + " (" + HostReason.of(e).text() + "); choose another port, or " + OptionName.option(option) + " 0 for any that is free");
    }
  }

  /** Complains if nobody can be waited for there now. @throws BadInput as {@link #listen} */
  public void check() {
    try {
      listen().close();
    } catch (IOException e) {
      // It was there, and isn't any more: nobody is in its way.
    }
  }
}
