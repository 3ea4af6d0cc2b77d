// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.lsp4j.debug.DisassembleArguments;
import org.eclipse.lsp4j.debug.DisassembleResponse;
import org.eclipse.lsp4j.debug.DisassembledInstruction;
import org.eclipse.lsp4j.debug.DisassembledInstructionPresentationHint;
import org.eclipse.lsp4j.debug.ReadMemoryArguments;
import org.eclipse.lsp4j.debug.ReadMemoryResponse;
import org.eclipse.lsp4j.debug.WriteMemoryArguments;
import org.eclipse.lsp4j.debug.WriteMemoryResponse;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.dap.Numbers.Reference;
import org.xenolith.debug.kit.ReadableBytes;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;

/** Requests {@code readMemory writeMemory disassemble}: RAM as the processor has it, or physical. No device is read. */
final class MemoryRequests {
  /** Bytes that are read at once at most. */
  static final int MOST = 1 << 20;
  private static final int MOST_INSTRUCTIONS = 10_000;
  /** Bytes of the longest instruction of any architecture. */
  private static final int LONGEST = 16;
  private final AdaptedMachine machine;

  MemoryRequests(AdaptedMachine machine) {
    this.machine = machine;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "readMemory", When.BRIEFLY, ReadMemoryArguments.class, this::read);
    DapRequest.add(requests, "writeMemory", When.BRIEFLY, WriteMemoryArguments.class, this::write);
    DapRequest.add(requests, "disassemble", When.BRIEFLY, DisassembleArguments.class, this::disassemble);
  }

  private InspectedMemory memory(Reference reference) {
    return reference.physical() ? machine.inspected().physical() : machine.processor().memory();
  }

  private Object read(ReadMemoryArguments arguments) {
    Reference from = Numbers.reference(arguments.getMemoryReference()).plus(arguments.getOffset());
    int count = arguments.getCount();
    if (count < 0 || count > MOST) {
      throw new RequestRefused(count + " bytes: expected 0 to " + MOST);
    }
    byte[] bytes = ReadableBytes.of(memory(from), from.address(), count);
    ReadMemoryResponse response = new ReadMemoryResponse();
    response.setAddress(from.toString());
    response.setData(Base64.getEncoder().encodeToString(bytes));
    if (bytes.length < count) {
      response.setUnreadableBytes(count - bytes.length);
    }
    return response;
  }

  private Object write(WriteMemoryArguments arguments) {
    Reference to = Numbers.reference(arguments.getMemoryReference()).plus(arguments.getOffset());
    byte[] bytes = Base64.getDecoder().decode(arguments.getData());
    machine.checkWritable();
    if (bytes.length > 0) {
      memory(to).write(to.address(), bytes);
    }
    WriteMemoryResponse response = new WriteMemoryResponse();
    response.setBytesWritten(bytes.length);
    return response;
  }

  private Object disassemble(DisassembleArguments arguments) {
    int count = arguments.getInstructionCount();
    int before = arguments.getInstructionOffset() == null ? 0 : arguments.getInstructionOffset();
    if (count < 1 || count > MOST_INSTRUCTIONS || Math.abs((long) before) > MOST_INSTRUCTIONS) {
      throw new RequestRefused("1 to " + MOST_INSTRUCTIONS + " instructions, at most so many before");
    }
    Reference at = Numbers.reference(arguments.getMemoryReference()).plus(arguments.getOffset());
    if (at.physical()) {
      throw new RequestRefused("instructions are shown by the addresses that the processor executes at; '" + at + "' is a physical one");
    }
    InspectedProcessor processor = machine.processor();
    List<DisassembledInstruction> shown = new ArrayList<>();
    if (before < 0) {
      List<InstructionText> past = before(processor, at.address(), -before);
      for (int i = past.size(); i < -before && shown.size() < count; i++) {
        shown.add(unreadable(at.address() - (-before - i)));
      }
      past.stream().limit(Math.max(0, count - shown.size())).forEach(each -> shown.add(instruction(processor, each)));
    }
    int skipped = Math.max(0, before);
    processor.disassemble(at.address(), skipped + Math.max(0, count - shown.size())).stream().skip(skipped).limit(Math.max(0, count - shown
        .size())).forEach(each -> shown.add(instruction(processor, each)));
    // As many as were asked for: that is what the protocol wants.
    for (long end = at.address(); shown.size() < count; end++) {
      shown.add(unreadable(shown.isEmpty() ? end : Numbers.of(shown.getLast().getAddress()) + 1));
    }
    DisassembleResponse response = new DisassembleResponse();
    response.setInstructions(shown.toArray(DisassembledInstruction[]::new));
    return response;
  }

  /** The instructions before an address, at most so many: those of a chain that ends there, of the nearest function or else the nearest chain. */
  private List<InstructionText> before(InspectedProcessor processor, long address, int most) {
    long reach = Math.min((long) most * LONGEST, 4L * InspectedMemory.PAGE);
    long function = machine.function(processor, address - 1);
    long start = function != -1 && address - function <= reach ? function : address - reach;
    for (long from = start; from < start + LONGEST; from++) {
      List<InstructionText> chain = processor.disassemble(from, (int) reach).stream().takeWhile(each -> Long.compareUnsigned(each.address(),
          address) < 0).toList();
      if (!chain.isEmpty() && chain.getLast().address() + chain.getLast().length() == address) {
        return chain.subList(Math.max(0, chain.size() - most), chain.size());
      }
    }
    return List.of();
  }

  private DisassembledInstruction instruction(InspectedProcessor processor, InstructionText text) {
    DisassembledInstruction shown = new DisassembledInstruction();
    shown.setAddress("0x%x".formatted(text.address()));
    shown.setInstruction(text.text());
    Optional<byte[]> bytes = processor.memory().read(text.address(), text.length());
    bytes.ifPresent(each -> shown.setInstructionBytes(HexFormat.ofDelimiter(" ").formatHex(each)));
    machine.symbol(processor, text.address()).filter(each -> each.address() == text.address()).ifPresent(each -> shown.setSymbol(each
        .name()));
    return shown;
  }

  private static DisassembledInstruction unreadable(long address) {
    DisassembledInstruction shown = new DisassembledInstruction();
    shown.setAddress("0x%x".formatted(address));
    shown.setInstruction("no instruction can be read");
    shown.setPresentationHint(DisassembledInstructionPresentationHint.INVALID);
    return shown;
  }
}
