# SPDX-License-Identifier: EPL-2.0
# Executes scenarios of X64LegacyScenario one after the other on a bare processor in protected mode, entered by the PVH boot ABI; legacy.bin is this, made by
#   as --32 -o legacy.o legacy.s && ld -m elf_i386 -Ttext=0x100000 -o legacy.elf legacy.o && objcopy -O binary legacy.elf legacy.bin
# It does what scenarios.s does, without paging: that is on, if at all, from where a scenario's registers are loaded to where its exception has been recorded.
.intel_syntax noprefix
.set LIVE, 0x200000      # PD, the first PT, the tests' PT; PDPT, PD, two PTs, the tests' PT of PAE; GDT, IDT, TSS, LDT: a page each
.set PRISTINE, 0x280000
.set LIVE_WORDS, 0x3000
.set PAGES, 0x400000     # the tests' pages: code, two of data, stack
.set SAVED, 0x480000
.set PAGES_WORDS, 0x1000
.set STACK, 0x310000
.set RECORDS, 0x1000000  # header: number of scenarios, whether each word is printed
.set FIRST, RECORDS + 64
.set RECORD, 512
.set CURRENT, 0x328000
.set RESULT, 0x320000
.set RESULT_WORDS, 32
.set CONTROL_0, 0x33

.globl _start
.code32
_start:
  cld
  mov dword ptr [index], 0
  mov dword ptr [record], FIRST
next:
  mov esp, STACK
  mov eax, [index]
  cmp eax, [RECORDS]
  je end
  cld
  mov esi, PRISTINE
  mov edi, LIVE
  mov ecx, LIVE_WORDS
  rep movsd
  mov esi, SAVED
  mov edi, PAGES
  mov ecx, PAGES_WORDS
  rep movsd
  mov esi, [record]
  mov edi, CURRENT
  mov ecx, RECORD / 4
  rep movsd
  mov ebx, CURRENT
  lea esi, [ebx + 208]
  mov edi, PAGES
  mov ecx, 16
  rep movsd
  mov ecx, [ebx + 76]
  lea esi, [ebx + 80]
1:jecxz 2f
  lodsd
  mov edi, eax
  lodsd
  mov [edi], eax
  dec ecx
  jmp 1b
2:lgdt [gdt]
  lidt [idt]
  mov eax, CONTROL_0
  mov cr0, eax
  ljmp 8, offset 3f
3:mov eax, 0x10
  mov ds, eax
  mov es, eax
  mov ss, eax
  fninit
  mov eax, 0x48
  lldt ax
  mov eax, 0x40
  ltr ax
  mov ecx, 0xC0000080
  mov eax, [ebx + 68]
  xor edx, edx
  wrmsr
  mov eax, [ebx + 64]
  mov cr4, eax
  mov eax, [ebx + 72]
  mov cr3, eax
  mov eax, [ebx + 60]
  mov cr0, eax
  jmp 4f
4:movzx eax, word ptr [ebx + 54]
  mov es, eax
  movzx eax, word ptr [ebx + 56]
  mov fs, eax
  movzx eax, word ptr [ebx + 58]
  mov gs, eax
  movzx eax, word ptr [ebx + 52]
  mov ds, eax
  test byte ptr cs:[ebx + 36], 3
  je 5f
  push dword ptr cs:[ebx + 48]
  push dword ptr cs:[ebx + 44]
  jmp 6f
5:mov esp, cs:[ebx + 44]
6:push dword ptr cs:[ebx + 40]
  push dword ptr cs:[ebx + 36]
  push dword ptr cs:[ebx + 32]
  mov eax, cs:[ebx]
  mov ecx, cs:[ebx + 4]
  mov edx, cs:[ebx + 8]
  mov ebp, cs:[ebx + 20]
  mov esi, cs:[ebx + 24]
  mov edi, cs:[ebx + 28]
  mov ebx, cs:[ebx + 12]
  iretd

# On a stack of whatever base and size: only pushes and pops.
common:
  push eax
  mov eax, ds
  push eax
  mov eax, 0x10
  mov ds, eax
  pop dword ptr [RESULT + 60]
  pop dword ptr [RESULT]
  mov [RESULT + 4], ecx
  mov [RESULT + 8], edx
  mov [RESULT + 12], ebx
  mov [RESULT + 20], ebp
  mov [RESULT + 24], esi
  mov [RESULT + 28], edi
  pop dword ptr [RESULT + 32]   # vector
  xor ecx, ecx
  mov eax, [RESULT + 32]
  cmp eax, 31
  ja 1f
  mov edx, 0x27D00
  bt edx, eax
  jnc 1f
  pop ecx
  cmp eax, 14
  jne 1f
  test cl, 8
  je 1f
  or cl, 1                      # P where a bit is reserved: see X64Scenario
  push ecx
  pop ecx
1:mov [RESULT + 36], ecx        # error code
  pop dword ptr [RESULT + 40]   # EIP
  pop dword ptr [RESULT + 44]   # CS
  pop eax
  and eax, ~0x10000             # RF of the image: see X64Scenario
  push eax
  pop dword ptr [RESULT + 48]
  mov eax, [RESULT + 44]
  and eax, 3
  mov ecx, cs
  and ecx, 3
  cmp eax, ecx
  je 2f
  pop dword ptr [RESULT + 16]
  pop dword ptr [RESULT + 52]
  jmp 3f
2:mov [RESULT + 16], esp
  mov eax, ss
  mov [RESULT + 52], eax
3:mov eax, es
  mov [RESULT + 64], eax
  mov eax, fs
  mov [RESULT + 68], eax
  mov eax, gs
  mov [RESULT + 72], eax
  mov eax, 0x10
  mov es, eax
  mov ss, eax
  mov esp, STACK
  push 2
  popfd
  mov eax, cr2
  mov [RESULT + 76], eax
  mov eax, cr0
  mov [RESULT + 80], eax
  mov eax, cr3
  mov [RESULT + 84], eax
  mov eax, cr4
  mov [RESULT + 88], eax
  mov eax, dr6
  and eax, 0xE00F
  mov [RESULT + 92], eax
  str eax
  mov [RESULT + 96], eax
  sldt eax
  mov [RESULT + 100], eax
  mov ecx, 0xC0000080
  rdmsr
  mov [RESULT + 104], eax
  xor eax, eax
  mov [RESULT + 56], eax
  mov dr6, eax
  mov eax, CONTROL_0
  mov cr0, eax
  jmp 4f
4:xor eax, eax
  mov cr4, eax
  mov cr2, eax
  mov cr3, eax
  mov ecx, 0xC0000080
  xor edx, edx
  wrmsr
  mov eax, [RESULT + 32]
  cmp eax, 1
  je 5f
  cmp eax, 8
  je 5f
  cmp eax, 14
  jne 7f
5:mov esi, LIVE                 # A where an access faults: see X64Scenario
  mov ecx, 0x2000
6:and byte ptr [esi], ~0x20
  add esi, 4
  dec ecx
  jne 6b
7:mov ebx, 0x811C9DC5
  mov ebp, 0x1234567
  lea edx, [ranges]
8:mov esi, [edx]
  test esi, esi
  je 9f
  mov ecx, [edx + 4]
  push edx
  call sum
  pop edx
  add edx, 8
  jmp 8b
9:mov eax, ebx
  call print
  mov eax, ebp
  call print
  mov al, 10
  mov edx, 0x3F8
  out dx, al
  inc dword ptr [index]
  add dword ptr [record], RECORD
  jmp next

# Adds words to the sums in EBX and EBP, and prints them if that is asked for.
sum:
1:lodsd
  xor ebx, eax
  imul ebx, ebx, 0x1000193
  add ebp, eax
  rol ebp, 5
  xor ebp, ebx
  cmp dword ptr [RECORDS + 4], 0
  je 2f
  push ecx
  call print
  pop ecx
2:dec ecx
  jne 1b
  ret

# Prints EAX and a blank.
print:
  push ebx
  mov ebx, eax
  mov ecx, 8
  mov edx, 0x3F8
1:rol ebx, 4
  mov eax, ebx
  and eax, 15
  mov al, [digits + eax]
  out dx, al
  dec ecx
  jne 1b
  mov al, 32
  out dx, al
  pop ebx
  ret

end:
  mov edx, 0x3F8
  mov al, 46
  out dx, al
  mov al, 10
  out dx, al
1:hlt
  jmp 1b

digits: .ascii "0123456789abcdef"
.balign 4
# What is summed: addresses and words.
ranges:
  .long RESULT, RESULT_WORDS, LIVE, 16, LIVE + 0x2000, 16, LIVE + 0x4000, 32, LIVE + 0x7000, 32, LIVE + 0x8000, 128
  .long LIVE + 0xA000, 32, LIVE + 0xB000, 64, PAGES, PAGES_WORDS, 0
.balign 8
gdt: .word 0x1FF
  .long LIVE + 0x8000
.balign 8
idt: .word 0x7FF
  .long LIVE + 0x9000
.balign 8
index: .long 0
record: .long 0

# A handler of 16 bytes for each vector.
.balign 4096
handlers:
.set vector, 0
.rept 256
.balign 16
  push vector
  jmp common
.set vector, vector + 1
.endr
