// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.dap.Numbers.Reference;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;

/** Request {@code evaluate}: a register, a symbol, a number, each with an offset; with a star before it the eight bytes that are there; with {@code physical:} a physical address. */
final class Evaluator {
  private static final int WORD = 8;
  private static final Pattern SUM = Pattern.compile("(.+?)\\s*([+-])\\s*(0[xX][0-9a-fA-F]+|[0-9]+)");
  private final AdaptedMachine machine;

  Evaluator(AdaptedMachine machine) {
    this.machine = machine;
  }

  /**
   * What an expression is.
   *
   * @param text  for people
   * @param at    the address that it is, or is at
   * @param bytes how many are meant there
   */
  record Value(String text, Reference at, long bytes) {}

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "evaluate", When.BRIEFLY, EvaluateArguments.class, this::evaluate);
  }

  private Object evaluate(EvaluateArguments arguments) {
    if (arguments.getFrameId() != null) {
      machine.choose(machine.processor(ThreadRequests.thread(arguments.getFrameId())));
    }
    Value value = value(arguments.getExpression());
    EvaluateResponse response = new EvaluateResponse();
    response.setResult(value.text());
    response.setMemoryReference(value.at().toString());
    return response;
  }

  Value value(String expression) {
    String text = expression.strip();
    if (text.startsWith("*")) {
      Value pointer = value(text.substring(1));
      InspectedMemory memory = pointer.at().physical() ? machine.inspected().physical() : machine.processor().memory();
      byte[] bytes = memory.read(pointer.at().address(), WORD).orElseThrow(() -> new RequestRefused("no RAM is at " + pointer.at()));
      long word = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
      return new Value("0x%x".formatted(word), pointer.at(), WORD);
    }
    Optional<Value> whole = name(text);
    if (whole.isPresent()) {
      return whole.get();
    }
    Matcher sum = SUM.matcher(text);
    if (sum.matches()) {
      long offset = Numbers.of(sum.group(3));
      Reference base = value(sum.group(1)).at();
      Reference at = new Reference(base.physical(), sum.group(2).equals("+") ? base.address() + offset : base.address() - offset);
      return address(at);
    }
    throw new RequestRefused("there is no register or symbol '" + text + "' where CPU " + machine.processor().index() + " executes now");
  }

  private Value address(Reference at) {
    String symbol = at.physical() ? "" : machine.symbol(machine.processor(), at.address()).map(each -> " <" + each.text(at.address()) + ">")
        .orElse("");
    return new Value(at + symbol, at, WORD);
  }

  private Optional<Value> name(String text) {
    InspectedProcessor processor = machine.processor();
    Optional<RegisterDescription> register = processor.registers().stream().filter(each -> each.name().equalsIgnoreCase(text)).findFirst();
    if (register.isPresent()) {
      long[] value = processor.value(register.get().name());
      return Optional.of(new Value(RegisterVariables.hex(value), new Reference(false, value[0]), WORD));
    }
    if (text.matches("(physical:)?(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20})")) {
      return Optional.of(address(Numbers.reference(text)));
    }
    return machine.named(text).map(each -> new Value("0x%x <%s>".formatted(each.address(), each.name()), new Reference(false, each
        .address()), Math.clamp(each.size(), 1, InspectedMemory.PAGE)));
  }
}
