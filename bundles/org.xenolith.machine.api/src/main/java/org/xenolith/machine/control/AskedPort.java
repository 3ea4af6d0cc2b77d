// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.xenolith.machine.api.RolePort;

/**
 * The permanent port of a role that people ask something of a running machine, and have it answered. Each question is an input of the machine, journalled
 * and served at a safe point, so that a replayed run does the same; its answer goes to who asked, which in a replay is nobody.
 *
 * @param <T> what the provider implements
 */
public abstract class AskedPort<T> extends RolePort<T> {
  private final String kind;
  private final String place;
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<String>> asked = new ConcurrentHashMap<>();

  /**
   * Questions of a kind.
   *
   * @param kind  of input; one that nothing else in the machine has
   * @param place node path of whom they are for
   */
  protected AskedPort(String kind, String place) {
    this.kind = kind;
    this.place = place;
  }

  /**
   * Takes questions from a machine's inputs; once, before it runs.
   *
   * @param answers called on the machine's thread; what it throws is thrown to who asked
   */
  protected final void serve(Machine machine, UnaryOperator<String> answers) {
    machine.inputHandler(kind, (at, bytes) -> {
      String[] text = new String(bytes, StandardCharsets.UTF_8).split(" ", 2);
      CompletableFuture<String> answer = asked.getOrDefault(Long.parseLong(text[0]), new CompletableFuture<>());
      try {
        answer.complete(answers.apply(text[1]));
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
      return bytes.length;
    });
  }

  /**
   * Asks a running machine, and waits. Any thread but the machine's own.
   *
   * @param seconds how long to wait for the answer, in host time
   * @return the answer; what giving it threw is thrown here
   * @throws TimeoutException     if the machine gives none in that time: it may be stopped
   * @throws InterruptedException if the thread is interrupted
   */
  protected final String await(Machine machine, String question, int seconds) throws TimeoutException, InterruptedException {
    long id = last.incrementAndGet();
    CompletableFuture<String> answer = new CompletableFuture<>();
    asked.put(id, answer);
    try {
      machine.input(kind, place, (id + " " + question).getBytes(StandardCharsets.UTF_8));
      return answer.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (RuntimeException) e.getCause();
    } finally {
      asked.remove(id);
    }
  }
}
