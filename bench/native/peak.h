/*===- peak.h - The machine's multiply-add peak ---------------------------===*\
|*
|* The same loop stands between the runs of every program that is compared: as a
|* shared library in Python's, linked into vitc's. Only its clock matters, so it
|* needs no kernel of ours.
|*
\*===----------------------------------------------------------------------===*/

#ifndef VITC_BENCH_PEAK_H
#define VITC_BENCH_PEAK_H

/** Runs fused multiply-adds of float on registers, as wide as this CPU has
 * them, for about a millisecond on @p threads threads at once.
 * Not to be called by two threads at a time; ends the process where the system
 * gives no threads.
 * @return the sum of their rates in GFLOP/s; zero where the CPU has no fused
 *         multiply-add or @p threads is not from 1 to 256 */
double vitc_peak_gflops(int threads);

#endif /* VITC_BENCH_PEAK_H */
