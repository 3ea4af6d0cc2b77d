// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Messages on their way to the SDK: a request goes there once the one before it is answered, so that who asks for much at once costs no threads that wait. */
final class ForwardedLines {
  /** Lines that wait at most: who sends more isn't read from meanwhile. */
  private static final int MOST = 1024;
  private static final Line END = new Line("", false);
  private final BlockingQueue<Line> waiting = new LinkedBlockingQueue<>(MOST);
  private final OutputStream to;
  private final AnswerLines answers;
  private final long patience;
  private final Thread thread;
  private volatile boolean gone;

  private record Line(String text, boolean request) {}

  /** @param to gets the lines. @param patience milliseconds for which an answer is waited for */
  ForwardedLines(OutputStream to, AnswerLines answers, long patience) {
    this.to = to;
    this.answers = answers;
    this.patience = patience;
    thread = Thread.ofPlatform().daemon().name("client's requests").start(this::forward);
  }

  /** One more, which is a request or nothing that is answered. */
  void add(String text, boolean request) throws InterruptedException {
    if (!gone) {
      waiting.put(new Line(text, request));
    }
  }

  /** There are no more: waits until all are answered. */
  void end() throws InterruptedException {
    if (!gone) {
      waiting.put(END);
    }
    thread.join();
  }

  private void forward() {
    long asked = 0;
    try (to) {
      for (Line line = waiting.take(); line != END; line = waiting.take()) {
        to.write((line.text + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
        if (line.request) {
          asked++;
          answers.await(asked, patience);
        }
      }
    } catch (IOException | InterruptedException e) {
      gone = true;
      waiting.clear(); // Nobody takes them any more.
    }
  }
}
