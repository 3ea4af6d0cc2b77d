// SPDX-License-Identifier: EPL-2.0
/*
 * Micro-workloads that a guest runs to measure a CPU engine: one kind of work each, with a checksum that must be the same
 * on every machine. Built statically for arm64 by the bench command; put into the guest as /bin/bench.
 *
 *   bench NAME [SCALE]        NAME: int mem sha interp sysc fork fp; SCALE multiplies the rounds
 *
 * Prints "BENCH-START name" and "BENCH name MILLISECONDS sum=CHECKSUM" for each.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Small matrices, a linked list in scattered order, a bitwise CRC: loads, multiplies, short branches. */
struct link { struct link *next; int value; };

static uint64_t integer(int rounds)
{
	static int left[16][16], right[16][16], product[16][16];
	static struct link ring[256];
	uint64_t sum = 0;
	uint32_t crc = 0xffff;

	for (int i = 0; i < 256; i++) {
		ring[i] = (struct link) { &ring[(i * 113 + 29) % 256], i * 5 };
		left[i / 16][i % 16] = i;
		right[i % 16][i / 16] = i ^ 9;
	}
	for (int round = 0; round < rounds; round++) {
		for (int row = 0; row < 16; row++)
			for (int column = 0; column < 16; column++) {
				int cell = 0;
				for (int k = 0; k < 16; k++)
					cell += left[row][k] * right[k][column];
				product[row][column] = cell;
			}
		const struct link *at = &ring[round % 256];
		for (int step = 0; step < 1000; step++, at = at->next)
			sum += at->value;
		for (int i = 0; i < 256; i++) {
			crc ^= product[i / 16][i % 16] & 0xff;
			for (int bit = 0; bit < 8; bit++)
				crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
		}
		left[round % 16][round / 16 % 16] ^= crc;
	}
	return sum ^ crc;
}

/* The C library's copy of 1 MiB at changing alignment, then unaligned reads over it. */
static uint64_t memory(int rounds)
{
	const size_t size = 1 << 20;
	uint8_t *from = malloc(size), *to = calloc(1, size + 16);
	uint64_t sum = 0;

	memset(from, 7, size);
	for (int round = 0; round < rounds; round++) {
		memcpy(to + round % 16, from, size);
		for (size_t i = 0; i + 16 < size; i += 64) {
			uint64_t word;
			memcpy(&word, to + i + 3, sizeof word);
			sum += word;
		}
		from[round % 1024] ^= round;
	}
	free(from);
	free(to);
	return sum;
}

/* The rounds of SHA-256 (FIPS 180-4, 6.2.2) with made-up constants: rotates and long dependency chains. */
static uint32_t turn(uint32_t x, int by) { return x >> by | x << (32 - by); }

static uint64_t hash(int rounds)
{
	uint32_t state[8], k[64], w[64];

	for (int i = 0; i < 8; i++)
		state[i] = 0x6a09e667u * (2 * i + 1);
	for (int i = 0; i < 64; i++)
		k[i] = 0x9e3779b9u * (i + 1);
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < 16; i++)
			w[i] = round * 31 + i;
		for (int i = 16; i < 64; i++) {
			uint32_t s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
			uint32_t s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;
			w[i] = w[i - 16] + s0 + w[i - 7] + s1;
		}
		uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
		uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
		for (int i = 0; i < 64; i++) {
			uint32_t t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
			uint32_t t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
			h = g; g = f; f = e; e = d + t1;
			d = c; c = b; b = a; a = t1 + t2;
		}
		state[0] += a; state[1] += b; state[2] += c; state[3] += d;
		state[4] += e; state[5] += f; state[6] += g; state[7] += h;
	}
	return state[0] ^ (uint64_t) state[7] << 32;
}

/* A byte-code machine with a switch: indirect branches that are hard to guess. */
static uint64_t interpreter(int rounds)
{
	uint8_t code[64];
	uint64_t acc = 1, stack[16] = { 0 };
	unsigned top = 0;

	for (int i = 0; i < 64; i++)
		code[i] = (i * 29 + 7) % 9;
	for (int round = 0; round < rounds; round++)
		for (int pc = 0; pc < 64; pc++)
			switch (code[(pc + acc % 4) % 64]) {
			case 0: acc += 3; break;
			case 1: acc ^= acc << 7; break;
			case 2: stack[top++ % 16] = acc; break;
			case 3: acc += stack[--top % 16]; break;
			case 4: acc = acc >> 3 | acc << 61; break;
			case 5: pc += acc >> 3 & 1; break;
			case 6: acc *= 0x9e3779b97f4a7c15u; break;
			case 7: acc -= pc; break;
			default: acc = ~acc;
			}
	return acc;
}

/* The shortest way into the kernel and back. */
static uint64_t syscalls(int rounds)
{
	uint64_t answered = 0;
	for (int round = 0; round < rounds; round++)
		answered += syscall(SYS_getppid) >= 0;
	return answered;
}

/* Page faults: fresh memory, a child that writes to shared pages, and its end. */
static uint64_t forks(int rounds)
{
	const size_t page = 4096, size = 1 << 20;
	uint64_t sum = 0;

	for (int round = 0; round < rounds; round++) {
		uint8_t *area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (size_t i = 0; i < size; i += page)
			area[i] = i / page;
		pid_t child = fork();
		if (child == 0) {
			for (size_t i = 0; i < size / 4; i += page)
				area[i]++;
			_exit(area[page]);
		}
		int status;
		waitpid(child, &status, 0);
		sum += WEXITSTATUS(status);
		munmap(area, size);
	}
	return sum;
}

/* Multiply, add and divide in double precision, each waiting for the one before. */
static uint64_t floating(int rounds)
{
	double x = 0.5, y = 0;

	for (int round = 0; round < rounds; round++) {
		x = x * 3.7 * (1 - x);
		y += x / (1 + y * y);
		if (x < 1e-9)
			x = 0.3;
	}
	return (uint64_t) (y * 1e6);
}

static const struct work { const char *name; uint64_t (*run)(int); int rounds; } works[] = {
	{ "int", integer, 8000 }, { "mem", memory, 600 }, { "sha", hash, 100000 }, { "interp", interpreter, 1000000 },
	{ "sysc", syscalls, 1000000 }, { "fork", forks, 300 }, { "fp", floating, 10000000 },
};

static void run(const struct work *work, double scale)
{
	printf("BENCH-START %s\n", work->name);
	fflush(stdout);
	double start = milliseconds();
	uint64_t sum = work->run((int) (work->rounds * scale));
	printf("BENCH %s %.3f ms sum=%016llx\n", work->name, milliseconds() - start, (unsigned long long) sum);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const int count = sizeof works / sizeof works[0];
	double scale = argc > 2 ? atof(argv[2]) : 1;

	for (int i = 0; argc > 1 && i < count; i++)
		if (!strcmp(argv[1], works[i].name)) {
			run(&works[i], scale);
			return 0;
		}
	fprintf(stderr, "bench: expected a workload and perhaps a scale\n");
	return 2;
}
