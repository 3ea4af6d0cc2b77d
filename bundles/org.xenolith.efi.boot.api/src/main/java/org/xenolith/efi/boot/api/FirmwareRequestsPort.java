// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import java.util.concurrent.TimeoutException;
import org.xenolith.machine.control.AskedPort;
import org.xenolith.machine.control.Machine;

/**
 * Port at the firmware's node for what people have firmware do. A request is an input of the machine, journalled and served at a safe point, so that a
 * replayed run does the same.
 */
public final class FirmwareRequestsPort extends AskedPort<FirmwareRequests> implements FirmwareRequests {
  /** Kind of these inputs. */
  public static final String INPUT = "efi";

  /** A port without a provider. */
  public FirmwareRequestsPort() {
    super(INPUT, BootNode.PATH);
  }

  /** Takes requests from a machine's inputs; once, before it runs. */
  public void serve(Machine machine) {
    serve(machine, line -> request(List.of(line.strip().split("\\s+"))));
  }

  /**
   * Has a running machine take a request. Any thread but the machine's own.
   *
   * @param line    the words, between spaces
   * @param seconds how long to wait for the answer, in host time
   * @return what a person reads
   * @throws IllegalArgumentException if it can't be done, or the machine doesn't answer
   */
  public String ask(Machine machine, String line, int seconds) {
    try {
      return await(machine, line, seconds);
    } catch (TimeoutException e) {
      throw new IllegalArgumentException("the machine gives no answer in " + seconds + " s; is it stopped?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalArgumentException("interrupted", e);
    }
  }

  @Override
  public String request(List<String> words) {
    String[] refused = {"there is no firmware of bundles"};
    String answer = ask(null, requests -> {
      try {
        return requests.request(words);
      } catch (IllegalArgumentException e) {
        refused[0] = e.getMessage();
        return null;
      }
    });
    if (answer == null) {
      throw new IllegalArgumentException(refused[0]);
    }
    return answer;
  }
}
