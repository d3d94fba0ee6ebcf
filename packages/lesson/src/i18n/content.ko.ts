/** What the experiments say, by the English text. */
export const content: Readonly<Record<string, string>> = {
  // a
  "Linear layers collapse": "선형 층은 하나로 접힌다",
  "Without a non-linearity between them, W3·W2·W1 is one matrix: depth adds nothing.":
    "사이에 비선형 함수가 없으면 W3·W2·W1은 행렬 하나입니다. 깊이는 아무것도 더하지 않습니다.",
  "On xor and two spirals three linear layers are no better than one, and tanh solves both. Digits are nearly linear: there the difference is small.":
    "XOR와 두 나선에서 선형 층 셋은 하나보다 낫지 않고, tanh는 둘 다 풉니다. 숫자 이미지는 거의 선형으로 나뉘므로 차이가 작습니다.",
  "Three linear layers hold more numbers and take other paths while training, so their accuracy is near that of one layer, not equal to it.":
    "선형 층 셋은 매개변수가 더 많아 학습하는 길이 다릅니다. 그래서 정확도는 한 층과 비슷할 뿐, 똑같지는 않습니다.",
  "Two spirals: three linear layers against one. How much more accurate are the three?":
    "두 나선 데이터에서 선형 층 셋은 하나보다 얼마나 더 정확할까요?",
  "hardly, if at all": "거의 차이가 없다",
  "clearly: 10 to 30 points": "뚜렷하게: 10~30%p",
  "by more than 30 points": "30%p 넘게",
  "Test accuracy over five seeds": "시드 5개의 시험 정확도",
  "Test accuracy: median, with the range over seeds": "시험 정확도: 중앙값과 시드에 따른 범위",
  data: "데이터",
  "one linear layer": "선형 층 하나",
  "three linear layers": "선형 층 셋",
  "three layers with tanh": "tanh가 있는 세 층",
  xor: "XOR",
  "two spirals": "두 나선",
  digits: "숫자",
  "Collapsed model": "하나로 접은 모델",
  "largest difference of outputs": "출력의 최대 차이",
  "linear layers, one or three, stay under 70 % on the toys":
    "장난감 데이터에서 선형 층은 하나든 셋이든 70 % 아래에 머문다",
  "tanh reaches 90 % on both": "tanh는 두 데이터에서 90 %를 넘는다",
  "on digits the difference is under 8 points": "숫자에서는 차이가 8%p보다 작다",
  "the collapsed models give equal outputs, to 1e-4": "접은 모델의 출력이 1e-4까지 같다",
  // b
  "Ranges and centers": "출력의 범위와 중심",
  "Sigmoid squashes to (0, 1) and is not zero-centered; tanh is; relu is one-signed; leakyRelu lets negative values through.":
    "sigmoid는 (0, 1)로 눌러 담고 0이 중심이 아닙니다. tanh는 0이 중심입니다. relu의 출력은 부호가 하나뿐이고, leakyRelu는 음수도 내보냅니다.",
  "On normal inputs the mean output is near 0.5 for sigmoid and near 0 for tanh; per digit all outputs of sigmoid and relu layers have one sign.":
    "정규분포 입력에서 출력 평균은 sigmoid가 0.5, tanh가 0에 가깝습니다. 숫자 이미지마다 sigmoid와 relu 층의 출력은 모두 부호가 같습니다.",
  "The lecture calls a sigmoid's slope 0 beyond 5. It is 0.0066 there: small, not zero. One-signed: 1 where all outputs of a layer have one sign for each digit, near 0 where they balance.":
    "강의는 5를 넘으면 sigmoid의 기울기가 0이라고 합니다. 실제로는 0.0066으로, 작지만 0은 아닙니다. ‘한 부호’는 이미지마다 층의 출력이 모두 같은 부호이면 1, 양수와 음수가 균형을 이루면 0에 가깝습니다.",
  "A layer's outputs for one digit: for which activations do they always have one sign?":
    "이미지 하나에 대한 층의 출력이 언제나 같은 부호인 활성화 함수는 무엇일까요?",
  "sigmoid only": "sigmoid뿐",
  "sigmoid and relu": "sigmoid와 relu",
  "sigmoid, relu and leakyRelu": "sigmoid, relu, leakyRelu",
  "tanh too: all four": "tanh까지 넷 모두",
  "Outputs for inputs from -10 to 10, their mean for normal inputs, one sign per digit":
    "-10~10 입력의 출력, 정규분포 입력에서의 평균, 이미지마다 한 부호인 정도",
  activation: "활성화 함수",
  lowest: "최소",
  highest: "최대",
  mean: "평균",
  "slope at 0": "0에서 기울기",
  "slope at 5": "5에서 기울기",
  "one-signed": "한 부호",
  "Range of outputs, and their mean for normal inputs": "출력의 범위와 정규분포 입력에서의 평균",
  "One-signed: 1 where all outputs for a digit have one sign":
    "한 부호: 이미지마다 출력이 모두 같은 부호이면 1",
  "sigmoid's outputs are in (0, 1) around 0.5, tanh's in (-1, 1) around 0":
    "sigmoid의 출력은 (0, 1)에서 0.5가 중심, tanh는 (-1, 1)에서 0이 중심이다",
  "outputs of sigmoid and relu have one sign per digit":
    "sigmoid와 relu의 출력은 이미지마다 부호가 하나다",
  "those of tanh balance better": "tanh의 출력은 더 균형을 이룬다",
  "leakyRelu goes below zero, relu does not": "leakyRelu는 0 아래로 내려가고 relu는 아니다",
  "a sigmoid's slope at 5 is small, not zero": "5에서 sigmoid의 기울기는 작지만 0이 아니다",
  // c
  Depth: "깊이",
  "Saturating activations kill gradients on the way down; relu does not saturate on its positive side and trains deep.":
    "포화하는 활성화 함수는 내려가는 길에 그래디언트를 죽입니다. relu는 양수 쪽에서 포화하지 않아 깊은 망도 학습합니다.",
  "With ten hidden layers the sigmoid's gradient shrinks more than a thousandfold from last layer to first, and it stays near chance; relu's stays within a factor of 10, and it learns.":
    "은닉층이 열 개면 sigmoid의 그래디언트는 마지막 층에서 첫 층까지 천 배 넘게 줄고, 정확도는 찍는 수준 가까이에 머뭅니다. relu는 10배 안에 머물고 학습합니다.",
  "Saturation is not what stops the sigmoid here: hardly a unit is beyond 5. Its slope is 0.25 at most, and ten factors of a quarter are a millionth. Tanh, whose slope is 1 in the middle, keeps its gradient with Glorot's first weights.":
    "여기서 sigmoid를 멈추는 것은 포화가 아닙니다. 5를 넘는 유닛은 거의 없습니다. 기울기가 최대 0.25이고, 4분의 1을 열 번 곱하면 백만분의 1입니다. 가운데 기울기가 1인 tanh는 Glorot 초기 가중치에서 그래디언트를 지킵니다.",
  "Ten hidden layers of sigmoid: how many times smaller is the gradient of the first layer's weights than that of the last's?":
    "sigmoid 은닉층 열 개: 첫 층 가중치의 그래디언트는 마지막 층보다 몇 배 작을까요?",
  "less than 10 times": "10배 미만",
  "10 to 1,000 times": "10~1,000배",
  "1,000 to 100,000 times": "1,000~100,000배",
  "more than that": "그보다 더",
  "By hidden layers, medians of five seeds; gradient: last layer's norm over the first's, before training":
    "은닉층 수별, 시드 5개의 중앙값. 그래디언트: 학습 전 마지막 층의 크기를 첫 층의 크기로 나눈 값",
  layers: "층 수",
  "gradient last/first": "그래디언트 끝/처음",
  "saturated, worst layer": "포화, 가장 심한 층",
  accuracy: "정확도",
  "Test accuracy after 15 epochs": "15에포크 뒤 시험 정확도",
  "Share of saturated outputs, worst layer, after training":
    "학습 뒤 포화한 출력의 비율, 가장 심한 층",
  "Norm of the weights' gradient in ten layers, before training":
    "학습 전 열 층의 가중치 그래디언트 크기",
  "Norm of the weights' gradient before training": "학습 전 가중치 그래디언트의 크기",
  layer: "층",
  "sigmoid's gradient falls more than 1,000 times over ten layers":
    "sigmoid의 그래디언트는 열 층에 걸쳐 1,000배 넘게 줄어든다",
  "relu's stays within a factor of 10": "relu의 그래디언트는 10배 안에 머문다",
  "ten sigmoid layers stay under 30 %": "sigmoid 열 층은 30 % 아래에 머문다",
  "ten relu layers pass 85 %": "relu 열 층은 85 %를 넘는다",
  "ten tanh layers fall 5 points behind relu": "tanh 열 층은 relu에 5%p 뒤진다",
  // d
  "Saturated units stand still": "포화한 유닛은 움직이지 않는다",
  "On a flat end the local gradient is almost zero, so no gradient reaches the weights below.":
    "평평한 끝에서는 국소 기울기가 거의 0이라서 아래 가중치까지 그래디언트가 닿지 않습니다.",
  "With biases of ±8 the first layer's weights move less than a tenth as far as with biases of 0. Setting the biases to 0 is the cure: the same network then learns.":
    "편향이 ±8이면 첫 층의 가중치는 편향이 0일 때의 10분의 1도 움직이지 않습니다. 편향을 0으로 되돌리는 것이 치료법이며, 그러면 같은 망이 배웁니다.",
  "Almost zero, not zero: a sigmoid's slope at 8 is 0.0003, a tanh's 0.0000005; given time enough the sigmoid does move.":
    "거의 0이지 0은 아닙니다. 8에서 sigmoid의 기울기는 0.0003, tanh는 0.0000005입니다. 시간이 충분하면 sigmoid는 움직입니다.",
  "Sigmoid units with biases of ±8: how far do their weights move in 450 steps, compared with biases of 0?":
    "편향이 ±8인 sigmoid 유닛의 가중치는 450단계 동안, 편향이 0일 때와 견주어 얼마나 움직일까요?",
  "less than a hundredth as far": "100분의 1도 안 된다",
  "a hundredth to a half": "100분의 1에서 절반",
  "about as far": "비슷하게 움직인다",
  "First layer of 32 units, SGD at 0.1 for 450 steps, then 450 after the cure; medians of five seeds":
    "유닛 32개인 첫 층, SGD 0.1로 450단계, 치료 뒤 다시 450단계. 시드 5개의 중앙값",
  least: "최소",
  network: "신경망",
  "saturated at first": "처음 포화",
  "gradient norm at first": "처음 그래디언트 크기",
  "weights moved": "가중치가 움직인 거리",
  "accuracy after the cure": "치료 뒤 정확도",
  "sigmoid, biases ±8": "sigmoid, 편향 ±8",
  "sigmoid, biases 0": "sigmoid, 편향 0",
  "tanh, biases ±8": "tanh, 편향 ±8",
  "tanh, biases 0": "tanh, 편향 0",
  "How far the first layer's weights moved in 450 steps":
    "450단계 동안 첫 층의 가중치가 움직인 거리",
  "Training loss of each epoch, medians; all biases are set to 0 after epoch 10":
    "에포크마다 학습 손실의 중앙값. 10에포크 뒤 모든 편향을 0으로 되돌림",
  "Training loss; the cure comes after epoch 10": "학습 손실. 10에포크 뒤에 치료",
  epoch: "에포크",
  "saturated sigmoid weights move less than a tenth as far":
    "포화한 sigmoid의 가중치는 10분의 1도 움직이지 않는다",
  "saturated tanh weights move less than a tenth as far":
    "포화한 tanh의 가중치는 10분의 1도 움직이지 않는다",
  "biases of 0 give more accuracy in both": "편향 0이 둘 다 더 정확하다",
  "biases set to 0 make both saturated networks learn":
    "편향을 0으로 되돌리면 포화했던 두 망이 모두 배운다",
  // e
  "First weights": "초기 가중치",
  "Too small, and signals die out; too large, and units saturate; Glorot's size suits tanh, He's suits relu; with zeros no unit differs from its neighbor.":
    "너무 작으면 신호가 사라지고, 너무 크면 유닛이 포화합니다. tanh에는 Glorot, relu에는 He의 크기가 맞습니다. 0이면 유닛이 모두 똑같습니다.",
  "Over six layers tanh keeps its spread with Glorot and relu with He; 0.01 loses it, 1 saturates tanh; zeros stay at chance.":
    "여섯 층에 걸쳐 tanh는 Glorot로, relu는 He로 퍼짐을 지킵니다. 0.01은 잃고, 1은 tanh를 포화시키며, 0은 찍는 수준에 머뭅니다.",
  "Sigmoid learns best here from the weights that are too large for the others: its slope of 0.25 at most wants larger ones. Zero weights still move the last layer's biases, so that chance is what is left.":
    "sigmoid는 다른 함수에는 너무 큰 가중치에서 가장 잘 배웁니다. 기울기가 최대 0.25여서 더 큰 가중치가 맞습니다. 가중치가 0이면 마지막 층의 편향만 움직여 찍는 수준이 됩니다.",
  "Six layers of relu from weights of size 0.01: how much of the first layer's spread reaches the sixth?":
    "크기 0.01인 가중치로 시작한 relu 여섯 층: 첫 층의 퍼짐이 여섯째 층까지 얼마나 남을까요?",
  "less than a hundred-thousandth": "10만분의 1보다 적게",
  "a hundred-thousandth to a hundredth": "10만분의 1에서 100분의 1",
  "more than a hundredth": "100분의 1보다 많이",
  "Six hidden layers of 64, medians of five seeds; spread and saturation before training, accuracy after 8 epochs":
    "유닛 64개인 은닉층 여섯, 시드 5개의 중앙값. 학습 전 퍼짐과 포화, 8에포크 뒤 정확도",
  "first weights": "초기 가중치",
  "spread, layer 1": "퍼짐, 1층",
  "spread, layer 6": "퍼짐, 6층",
  "saturated, layer 6": "포화, 6층",
  zero: "0",
  "too small (0.01)": "너무 작음 (0.01)",
  Glorot: "Glorot",
  He: "He",
  "too large (1)": "너무 큼 (1)",
  "Test accuracy after 8 epochs": "8에포크 뒤 시험 정확도",
  "Spread (standard deviation) of each layer's outputs before training":
    "학습 전 층마다 출력의 퍼짐(표준편차)",
  "Spread of outputs before training: tanh": "학습 전 출력의 퍼짐: tanh",
  "Spread of outputs before training: relu": "학습 전 출력의 퍼짐: relu",
  "zeros stay under 30 %": "0은 30 % 아래에 머문다",
  "0.01 leaves under a thousandth of the spread (tanh, relu)":
    "0.01은 퍼짐을 천분의 1도 남기지 않는다 (tanh, relu)",
  "Glorot keeps a third of tanh's spread": "Glorot는 tanh의 퍼짐을 3분의 1 넘게 지킨다",
  "He keeps half of relu's spread, Glorot less":
    "He는 relu의 퍼짐을 절반 넘게 지키고 Glorot는 덜하다",
  "1 saturates most tanh units": "1은 tanh 유닛 대부분을 포화시킨다",
  // f
  "Zig-zag": "지그재그",
  "When all inputs of a unit are positive, all its weight gradients have one sign, so that weights move in zig-zag; zero-centered data train faster.":
    "유닛의 입력이 모두 양수이면 가중치의 그래디언트가 모두 같은 부호라서 가중치가 지그재그로 움직입니다. 0이 중심인 데이터가 더 빨리 학습됩니다.",
  "For single rows the share of equal signs is 1 and falls as the batch grows; centered inputs need fewer steps to the same loss. With 2·sigmoid - 1 in place of sigmoid, a network learns faster too.":
    "한 행씩이면 부호가 같은 비율은 1이고 배치가 커지면 줄어듭니다. 0이 중심인 입력은 같은 손실까지 더 적은 단계가 듭니다. sigmoid 대신 2·sigmoid - 1을 써도 더 빨리 배웁니다.",
  "The argument holds per unit and per row; over a batch the signs mix. At a small rate both go at the speed of the slowest direction. What zig-zag costs is the larger rate, at which positive inputs no longer arrive. And 2·sigmoid - 1 is steeper as well as centered, so that it is compared at a rate four times smaller too.":
    "이 논증은 유닛 하나, 행 하나마다 성립합니다. 배치에서는 부호가 섞입니다. 학습률이 작으면 둘 다 가장 느린 방향의 속도로 갑니다. 지그재그의 대가는 큰 학습률을 쓸 수 없다는 것입니다. 그때 양수 입력은 도착하지 못합니다. 그리고 2·sigmoid - 1은 중심이 0일 뿐 아니라 더 가파르므로, 네 배 작은 학습률로도 비교합니다.",
  "All inputs positive. For single rows both gradients have one sign, always. How often in batches of 32?":
    "입력이 모두 양수입니다. 한 행씩이면 두 그래디언트는 언제나 부호가 같습니다. 32행 배치에서는 얼마나 자주 같을까요?",
  "in less than a quarter of the steps": "단계의 4분의 1보다 드물게",
  "in a quarter to three quarters of them": "단계의 4분의 1에서 4분의 3",
  "nearly always": "거의 언제나",
  "Two weights, logistic loss, medians of five seeds: steps to within 5 % of the least loss, at most 400":
    "가중치 둘, 로지스틱 손실, 시드 5개의 중앙값: 최소 손실의 5 % 안에 들 때까지의 단계, 최대 400",
  batch: "배치",
  inputs: "입력",
  "equal signs": "같은 부호",
  "steps at rate 0.5": "단계, 학습률 0.5",
  "steps at rate 2": "단계, 학습률 2",
  "steps at rate 8": "단계, 학습률 8",
  "steps at rate 32": "단계, 학습률 32",
  "steps at best rate": "단계, 가장 좋은 학습률",
  "all positive": "모두 양수",
  centered: "중심 0",
  "Share of steps whose two gradients have one sign": "두 그래디언트의 부호가 같은 단계의 비율",
  "Steps to the loss at a rate of 32; 400 is never":
    "학습률 32에서 그 손실까지의 단계. 400은 도착하지 못함",
  "The two weights in the first 24 steps at rate 8": "학습률 8에서 처음 24단계의 두 가중치",
  step: "단계",
  "Path of the two weights: all positive inputs": "두 가중치의 길: 모두 양수인 입력",
  "Path of the two weights: centered inputs": "두 가중치의 길: 중심이 0인 입력",
  "Digits, 32 hidden units: training loss of each epoch, medians of five seeds":
    "숫자, 은닉 유닛 32개: 에포크마다 학습 손실, 시드 5개의 중앙값",
  "sigmoid, rate 0.1": "sigmoid, 학습률 0.1",
  "2·sigmoid - 1, rate 0.1": "2·sigmoid - 1, 학습률 0.1",
  "2·sigmoid - 1, rate 0.025": "2·sigmoid - 1, 학습률 0.025",
  "Training loss on digits": "숫자 데이터의 학습 손실",
  "with positive inputs, single rows give equal signs always":
    "양수 입력에서 한 행씩이면 언제나 부호가 같다",
  "in batches of 32 the signs are equal in under three quarters of the steps":
    "32행 배치에서는 부호가 같은 단계가 4분의 3보다 적다",
  "centered inputs need a tenth fewer steps at rate 0.5":
    "학습률 0.5에서 중심이 0인 입력은 단계가 10분의 1 넘게 적다",
  "and at rate 32": "학습률 32에서도",
  "and with the best rate for each": "각자 가장 좋은 학습률에서도",
  "2·sigmoid - 1 learns faster at the same rate": "2·sigmoid - 1은 같은 학습률에서 더 빨리 배운다",
  "and at a quarter of the rate": "학습률이 4분의 1이어도",
  // g
  "Dying relu": "죽어 가는 relu",
  "Relu units can be knocked off the data by large updates and never come back; leakyRelu units do not die.":
    "relu 유닛은 큰 갱신에 데이터 밖으로 밀려나 다시 돌아오지 못할 수 있습니다. leakyRelu 유닛은 죽지 않습니다.",
  "At rates of 0.03 and 0.2 with Adam many relu units are dead after training and none of leakyRelu; they stay dead when training goes on at 0.001; at 0.2 leakyRelu is more accurate.":
    "Adam 학습률 0.03과 0.2에서 학습 뒤 많은 relu 유닛이 죽고 leakyRelu는 하나도 죽지 않습니다. 0.001로 더 학습해도 죽은 채로 있습니다. 0.2에서는 leakyRelu가 더 정확합니다.",
  "In batches of 64, chosen after 32 and 128 had been tried too. At 0.1 four fifths of the relu units are dead, and yet either of the two may end ahead, by the seed: the rate is too large for living units too. At 0.2 relu is mostly dead as a whole. Dead: the slope is 0 on every one of 256 training rows. A unit may be alive on rows outside them. A tanh's slope 1 - y² is 0 too, in float32, once y has rounded to ±1.":
    "배치는 64행이며, 32행과 128행도 시험해 본 뒤에 골랐습니다. 학습률 0.1에서는 relu 유닛의 5분의 4가 죽지만, 어느 쪽이 앞서는지는 시드에 따라 다릅니다. 살아 있는 유닛에도 너무 큰 학습률이기 때문입니다. 0.2에서는 relu 신경망이 대부분 통째로 죽습니다. ‘죽음’은 학습 데이터 256행 모두에서 기울기가 0이라는 뜻이며, 다른 행에서는 살아 있을 수 있습니다. tanh의 기울기 1 - y²도 float32에서 y가 ±1로 반올림되면 0입니다.",
  "Relu, Adam at a rate of 0.1, ten epochs: what share of the 192 hidden units is dead at the end?":
    "relu, Adam 학습률 0.1, 10에포크: 은닉 유닛 192개 가운데 얼마가 죽어 있을까요?",
  "under 5 %": "5 % 미만",
  "5 to 50 %": "5~50 %",
  "over 50 %": "50 % 초과",
  "Three hidden layers of 64, Adam, 10 epochs in batches of 64, 9 seeds: medians, and range of accuracy":
    "유닛 64개인 은닉층 셋, Adam, 64행 배치로 10에포크, 시드 9개: 중앙값과 정확도의 범위",
  rate: "학습률",
  "dead units": "죽은 유닛",
  "dead after 10 epochs more at 0.001": "0.001로 10에포크 더 학습한 뒤에도 죽음",
  "Dead units after training": "학습 뒤 죽은 유닛",
  "Test accuracy, with the range over seeds": "시험 정확도와 시드에 따른 범위",
  "at 0.03 over 5 % of relu units are dead": "0.03에서 relu 유닛의 5 % 넘게 죽는다",
  "at 0.2 over 5 % of relu units are dead": "0.2에서 relu 유닛의 5 % 넘게 죽는다",
  "nine tenths of them stay dead in 10 epochs more at 0.001":
    "0.001로 10에포크 더 학습해도 그 10분의 9는 죽은 채로 있다",
  "no unit of leakyRelu is dead at any rate": "leakyRelu는 어느 학습률에서도 죽지 않는다",
  "at 0.2 the median of leakyRelu's accuracies is above that of relu's":
    "0.2에서 leakyRelu 정확도의 중앙값이 relu의 중앙값보다 높다",
  // h
  "Cost and gain": "비용과 이득",
  "exp is a bit compute expensive; relu is very efficient and converges much faster than sigmoid and tanh (a factor of 6).":
    "exp는 계산 비용이 조금 듭니다. relu는 매우 효율적이고 sigmoid나 tanh보다 훨씬 빨리(6배) 수렴합니다.",
  "Relu needs fewer steps to 90 % than sigmoid. The factor of 6, of a large network on images, is not expected of a small one.":
    "relu는 90 %까지 sigmoid보다 적은 단계가 듭니다. 큰 이미지 신경망에서 나온 6배는 작은 망에서 기대하지 않습니다.",
  "Whether exp is expensive is a matter of times, which depend on the machine and decide no check here. They include the way in and out of the core.":
    "exp가 비싼지는 시간의 문제이고 시간은 기기에 따라 다르므로 판정에 쓰지 않습니다. 시간에는 코어에 드나드는 비용도 들어 있습니다.",
  "How many times fewer steps than sigmoid does relu need to read 90 % of the test digits?":
    "시험 숫자의 90 %를 맞히기까지 relu는 sigmoid보다 몇 배 적은 단계가 들까요?",
  "as many, or more": "같거나 더 많이",
  "up to 1.5 times fewer": "1.5배 이하로 적게",
  "1.5 to 6 times fewer": "1.5~6배 적게",
  "6 times or more": "6배 이상 적게",
  "Digits, 64 hidden units, Adam, five seeds: steps to 90 % of test rows, and accuracy after 5 epochs":
    "숫자, 은닉 유닛 64개, Adam, 시드 5개: 시험 행의 90 %까지의 단계와 5에포크 뒤 정확도",
  median: "중앙값",
  fewest: "최소",
  most: "최대",
  "Steps to 90 % of test rows: median, fewest and most":
    "시험 행의 90 %까지의 단계: 중앙값, 최소, 최대",
  "What it costs, and what it gives: accuracy after 5 epochs": "비용과 얻는 것: 5에포크 뒤 정확도",
  "ns per element, forward and backward": "원소마다 ns, 순전파와 역전파",
  "relu needs fewer steps than sigmoid": "relu는 sigmoid보다 단계가 적다",
  "twice fewer than tanh": "tanh보다 2배 적다",
  "six times fewer than sigmoid": "sigmoid보다 6배 적다",
  // i
  "Which one to choose": "무엇을 골라야 할까",
  "Use relu, with care for the learning rate; try leakyRelu and its kin; try tanh but expect less; do not use sigmoid.":
    "학습률에 주의하며 relu를 쓰세요. leakyRelu와 그 친척도 써 보세요. tanh도 써 볼 수 있지만 기대는 낮추세요. sigmoid는 쓰지 마세요.",
  "With two hidden layers at a sound rate all non-linear rows end close together, within a few points.":
    "은닉층 둘과 알맞은 학습률이면 비선형 함수는 모두 비슷하게, 몇 %p 차이 안에서 끝납니다.",
  "Small networks on small data. A run whose numbers leave float32 stops there, as some of exponential do; threshold, which is flat up to 1, at times does not start. What separates activations is depth, rate and first weights: see c, e and g.":
    "작은 데이터의 작은 신경망입니다. 숫자가 float32를 벗어나면 거기서 멈추며, exponential이 가끔 그렇습니다. 1까지 평평한 threshold는 아예 배우기 시작하지 못할 때가 있습니다. 활성화 함수를 가르는 것은 깊이, 학습률, 초기 가중치입니다. c, e, g를 보세요.",
  "Two hidden layers on digits: how many points of accuracy does relu gain over sigmoid from the same seed, by the median?":
    "숫자 데이터와 은닉층 둘: 같은 시드에서 relu는 sigmoid보다 정확도가 몇 %p 높을까요? 중앙값으로 답하세요.",
  none: "차이 없음",
  "up to 5 points": "5%p 이하",
  "more than 5 points": "5%p 초과",
  "Two hidden layers of 32, Adam at 0.003, 20 epochs, 5 seeds: test accuracy":
    "유닛 32개인 은닉층 둘, Adam 0.003, 20에포크, 시드 5개: 시험 정확도",
  "breast cancer": "유방암",
  "Test accuracy on digits: median, lowest and highest of five seeds":
    "숫자 시험 정확도: 시드 5개의 중앙값, 최소, 최대",
  "Test accuracy on breast cancer: median, lowest and highest of five seeds":
    "유방암 시험 정확도: 시드 5개의 중앙값, 최소, 최대",
  "relu beats sigmoid on digits": "숫자에서 relu가 sigmoid를 이긴다",
  "relu beats tanh by a point on digits": "숫자에서 relu가 tanh를 1%p 차이로 이긴다",
  "relu beats sigmoid by a point on breast cancer": "유방암에서 relu가 sigmoid를 1%p 차이로 이긴다",
  "on digits all non-linear medians but those of threshold and exponential lie within 5 points":
    "숫자에서 threshold와 exponential을 뺀 비선형 함수의 중앙값이 모두 5%p 안에 있다",
  "on breast cancer they do too": "유방암에서도 그렇다",
  "Differences of test accuracy from the same seed, 9 seeds":
    "같은 시드에서 나온 시험 정확도의 차이, 시드 9개",
  difference: "차이",
  "relu over sigmoid, digits": "relu − sigmoid, 숫자",
  "relu over tanh, digits": "relu − tanh, 숫자",
  "relu over sigmoid, breast cancer": "relu − sigmoid, 유방암",
  "Relu's lead from the same seed: median, lowest and highest of nine seeds":
    "같은 시드에서 relu가 앞선 정도: 시드 9개의 중앙값, 최소, 최대",
  // j
  Convolutions: "합성곱",
  "In a convolutional net, too, relu filters die at a high rate; batch normalization improves the flow of gradients through deep nets and allows higher rates.":
    "합성곱 신경망에서도 학습률이 높으면 relu 필터가 죽습니다. 배치 정규화는 깊은 망에 그래디언트가 잘 흐르게 하고 더 높은 학습률을 허용합니다.",
  "With Adam at 0.03 some relu filters are dead after training and none with batch normalization, at 0.1 over a quarter, and the net with batch normalization is more accurate; sixteen convolutions learn with it and lag far behind without it.":
    "Adam 학습률 0.03에서 학습 뒤 relu 필터 일부가 죽고 배치 정규화가 있으면 죽지 않습니다. 0.1에서는 4분의 1 넘게 죽고, 배치 정규화가 있는 망이 더 정확합니다. 합성곱 층 열여섯은 배치 정규화가 있으면 배우고, 없으면 한참 뒤처집니다.",
  "Dead: the slope is 0 at every pixel of all 256 rows, with batch normalization by the statistics that the net predicts with. Normalization moves what a filter gives to around 0 in each batch, so that large steps of its kernel cannot push it off the data; steps of its scale and offset can, and do at 0.1. Two convolutions learn without it as well. Loss is that of the training rows, in five epochs: with more of them sixteen learn without normalization too, but later.":
    "‘죽음’은 256행의 모든 픽셀에서 기울기가 0이라는 뜻이며, 배치 정규화가 있으면 예측할 때 쓰는 통계로 셉니다. 정규화는 배치마다 필터의 출력을 0 둘레로 옮기므로 커널이 크게 움직여도 데이터 밖으로 밀려나지 않습니다. 하지만 배율과 이동값이 움직이면 밀려날 수 있고, 0.1에서는 실제로 그렇게 됩니다. 합성곱 층 둘은 정규화가 없어도 배웁니다. 손실은 5에포크 동안 학습한 행의 손실입니다. 에포크를 늘리면 열여섯 층은 정규화 없이도 배우지만 더 늦습니다.",
  "Sixteen convolutions with relu, five epochs: how many times as large is the loss without batch normalization as with it?":
    "relu 합성곱 층 열여섯, 5에포크: 배치 정규화가 없을 때의 손실은 있을 때의 몇 배일까요?",
  "about the same": "거의 같다",
  "1.5 to 2 times": "1.5~2배",
  "over twice as large": "2배 초과",
  "Three convolutions of 16 filters, Adam, 5 epochs on 256 digits, five seeds: medians, and range of accuracy":
    "필터 16개인 합성곱 층 셋, Adam, 숫자 256행으로 5에포크, 시드 5개: 중앙값과 정확도의 범위",
  "relu, normalized": "relu, 배치 정규화",
  "dead filters": "죽은 필터",
  "Dead filters after training": "학습 뒤 죽은 필터",
  "By convolutions of 8 filters, Adam at 0.01, 5 epochs on 256 digits, five seeds: medians, and range of the loss":
    "필터 8개인 합성곱 층의 수별, Adam 0.01, 숫자 256행으로 5에포크, 시드 5개: 중앙값과 손실의 범위",
  loss: "손실",
  "Training loss after 5 epochs": "5에포크 뒤 학습 손실",
  "at 0.03 over 5 % of the relu filters are dead, at 0.1 over a quarter":
    "0.03에서 relu 필터의 5 % 넘게, 0.1에서 4분의 1 넘게 죽는다",
  "at 0.001 under 5 % are, and at 0.03 with batch normalization":
    "0.001에서, 그리고 배치 정규화가 있으면 0.03에서도 5 %보다 적게 죽는다",
  "at 0.1 batch normalization is worth 5 points of accuracy":
    "0.1에서 배치 정규화는 정확도를 5%p 넘게 높인다",
  "two convolutions end under a loss of 0.6, with batch normalization or without":
    "합성곱 층 둘은 배치 정규화가 있든 없든 손실 0.6 아래에서 끝난다",
  "without it sixteen lose more than 1.5 times as much as with it":
    "열여섯 층은 배치 정규화가 없으면 손실이 1.5배 넘게 크다",
  "without it sixteen lose more than two": "배치 정규화가 없으면 열여섯 층의 손실이 두 층보다 크다",
};
