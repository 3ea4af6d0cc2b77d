// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StackTraceResponse;
import org.eclipse.lsp4j.debug.Thread;
import org.eclipse.lsp4j.debug.ThreadsResponse;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.kit.WaitingProcessor;

/** Requests {@code threads} and {@code stackTrace}: the machine's CPUs, and the virtual ones of domains. */
final class ThreadRequests {
  /** Frames of a thread at most. */
  static final int MOST = 256;
  private final AdaptedMachine machine;

  ThreadRequests(AdaptedMachine machine) {
    this.machine = machine;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "threads", When.BRIEFLY, Object.class, arguments -> threads());
    DapRequest.add(requests, "stackTrace", When.HALTED, StackTraceArguments.class, this::stackTrace);
  }

  private Object threads() {
    ThreadsResponse response = new ThreadsResponse();
    Stream<Thread> processors = machine.processors().stream().map(each -> {
      Thread thread = new Thread();
      thread.setId(AdaptedMachine.thread(each));
      thread.setName(machine.name(each));
      return thread;
    });
    response.setThreads(Stream.concat(processors, DomainThreads.of(machine.inspected()).stream()).toArray(Thread[]::new));
    return response;
  }

  /** A frame's number: that of its thread, and its place among the thread's. */
  static int frame(int thread, int place) {
    return thread * MOST + place;
  }

  /** The thread of a frame. */
  static int thread(int frame) {
    return frame / MOST;
  }

  private Object stackTrace(StackTraceArguments arguments) {
    int thread = arguments.getThreadId();
    Optional<GuestProcessor> waiting = DomainThreads.is(thread) ? DomainThreads.find(machine.inspected(), thread).filter(each -> each.on()
        .isEmpty()) : Optional.empty();
    if (waiting.isPresent()) {
      return response(List.of(DomainThreads.waiting(waiting.get(), frame(thread, 0), WaitingProcessor.place(machine.inspected().registers(
          waiting.get())))), 1);
    }
    InspectedProcessor processor = machine.processor(thread);
    machine.choose(processor);
    long[] calls = machine.calls(processor, MOST);
    int first = Math.clamp(arguments.getStartFrame() == null ? 0 : arguments.getStartFrame(), 0, calls.length);
    int levels = arguments.getLevels() == null || arguments.getLevels() <= 0 ? MOST : arguments.getLevels();
    List<StackFrame> frames = new ArrayList<>();
    for (int i = first; i < calls.length && i - first < levels; i++) {
      StackFrame frame = new StackFrame();
      frame.setId(frame(thread, i));
      frame.setName(machine.text(processor, calls[i]));
      frame.setInstructionPointerReference("0x%x".formatted(calls[i]));
      frames.add(frame);
    }
    return response(frames, calls.length);
  }

  private static StackTraceResponse response(List<StackFrame> frames, int all) {
    StackTraceResponse response = new StackTraceResponse();
    response.setStackFrames(frames.toArray(StackFrame[]::new));
    response.setTotalFrames(all);
    return response;
  }
}
