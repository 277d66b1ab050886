import sys

import numpy as np

folder = sys.argv[1]
out = np.array([[3, 0], [0, 4], [3, 3.9], [5, 0]], np.float32)
ref = out.copy()
ref[2, 0] = 4
np.save(f"{folder}/out.npy", out)
np.save(f"{folder}/ref.npy", ref)
np.save(f"{folder}/labels.npy", np.array([0, 1, 1, 1], np.int32))
np.save(f"{folder}/short.npy", np.array([0, 1, 1], np.int32))
